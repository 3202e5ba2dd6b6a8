"""The administration interface: how a developer or a test controls the switch behind a desktop. openapi.yaml describes it."""

from .application import ADMIN_PATH, Administration, is_administration

__all__ = ["ADMIN_PATH", "Administration", "is_administration"]
