"""The REST half: the contract's resources behind HTTP sessions, as one ASGI application."""

from .application import connexion_application
from .door import Door
from .errors import AccessDenied, BadValue, refusal
from .handlers import Handlers
from .projection import BASE_PATH
from .realm import Realm
from .sessions import Admission, HttpSessions

__all__ = [
    "BASE_PATH",
    "AccessDenied",
    "Admission",
    "BadValue",
    "Door",
    "Handlers",
    "HttpSessions",
    "Realm",
    "connexion_application",
    "refusal",
]
