"""The contract: found and loaded."""
