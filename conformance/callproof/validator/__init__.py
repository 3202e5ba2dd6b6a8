"""Validates payloads: recognises them, and explains and locates what is wrong."""
