"""Tools of the checkout. Nothing in here is shipped."""
