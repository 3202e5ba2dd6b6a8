"""Separate switches in one server: what one is, how one is made, how long it is kept, and which of them a request is for."""

from .assembly import Assembly
from .registry import Limits, Sandboxes, TooManySandboxes
from .sandbox import Sandbox

__all__ = ["Assembly", "Limits", "Sandbox", "Sandboxes", "TooManySandboxes"]
