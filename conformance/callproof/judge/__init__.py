"""Judges what was played: matching, findings and verdicts. Pure."""
