"""What `callproof listen` is made of: its options, a line for each notification, and what it says about the connection."""
