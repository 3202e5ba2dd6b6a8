"""Plays a plan against a server and yields typed events."""
