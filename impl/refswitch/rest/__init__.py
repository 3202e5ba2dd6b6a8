"""The REST half: the contract's resources behind HTTP sessions, as one ASGI application."""

from .application import BASE_PATH, connexion_application
from .door import Door
from .errors import AccessDenied, refusal
from .handlers import Handlers
from .sessions import Admission, HttpSessions

__all__ = [
    "BASE_PATH",
    "AccessDenied",
    "Admission",
    "Door",
    "Handlers",
    "HttpSessions",
    "connexion_application",
    "refusal",
]
