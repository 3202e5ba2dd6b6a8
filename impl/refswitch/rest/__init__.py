"""The REST half: the contract's resources behind HTTP sessions, as nested ASGI applications."""

from .authentication import Authentication
from .deferred_connexion import DeferredConnexion
from .front import Front
from .served import Served

__all__ = ["Authentication", "DeferredConnexion", "Front", "Served"]
