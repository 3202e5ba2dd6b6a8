"""The tools of the checkout. They are not shipped."""
