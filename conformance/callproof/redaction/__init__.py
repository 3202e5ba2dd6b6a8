"""Secrets: which values are secret, and what stands in their place in everything that leaves the suite. Needs nothing but Python."""

from .redactor import MASK, Redactor

__all__ = ["MASK", "Redactor"]
