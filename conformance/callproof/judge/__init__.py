"""Matching, findings and verdicts over what was played. Pure."""
