"""What is asked: requirements and scenarios as values, plans and explanations."""
