"""Types and handler signatures of the contract.

Generated from version 0.2.0 of the contract by callproof stubs; do not edit.
"""

from . import bodies, notifications, operations, resources

__all__ = ["bodies", "notifications", "operations", "resources"]
