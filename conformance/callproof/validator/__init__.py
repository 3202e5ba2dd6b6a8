"""Judges payloads: recognises, validates, explains, places."""
