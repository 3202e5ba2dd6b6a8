"""The vendor's target file."""
