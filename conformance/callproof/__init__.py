"""The conformance suite, the payload validator and the Bayeux client of the contract."""

from __future__ import annotations

VERSION = "0.2.0"  # as in pyproject.toml; a constant, because reading the installed metadata takes longer than a check
