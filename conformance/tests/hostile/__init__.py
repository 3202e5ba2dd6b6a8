"""Hostile servers: a relay that spoils what a real server answers, one kind of hostility at a time."""
