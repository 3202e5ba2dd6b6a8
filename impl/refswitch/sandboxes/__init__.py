"""Separate switches in one server: what one is, how one is made, how long it is kept, and which of them a request is for."""

from .registry import Limits, Sandboxes, TooManySandboxes
from .sandbox import Sandbox
from .workshop import Workshop

__all__ = ["Limits", "Sandbox", "Sandboxes", "TooManySandboxes", "Workshop"]
