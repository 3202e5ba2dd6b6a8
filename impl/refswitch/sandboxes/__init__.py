"""Separate switches in one server: what a sandbox is, how it is built, and how long it is kept."""

from .assembly import Assembly
from .registry import Limits, Sandboxes, TooManySandboxes
from .sandbox import Sandbox, put_in_sandbox, sandbox_of

__all__ = ["Assembly", "Limits", "Sandbox", "Sandboxes", "TooManySandboxes", "put_in_sandbox", "sandbox_of"]
