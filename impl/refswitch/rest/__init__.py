"""The REST half: the contract's resources behind HTTP sessions, as one ASGI application."""

from .application import connexion_application
from .csrf import CsrfProtection
from .door import Door
from .errors import AccessDenied, BadValue, CsrfRefused, refusal
from .handlers import handlers
from .projection import BASE_PATH
from .realm import Realm
from .sessions import ANY_SITE, SAME_SITE, Admission, HttpSessions

__all__ = [
    "ANY_SITE",
    "BASE_PATH",
    "SAME_SITE",
    "AccessDenied",
    "Admission",
    "BadValue",
    "CsrfProtection",
    "CsrfRefused",
    "Door",
    "HttpSessions",
    "Realm",
    "connexion_application",
    "handlers",
    "refusal",
]
