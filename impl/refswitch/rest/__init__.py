"""The REST half: the contract's resources behind HTTP sessions, as one ASGI application."""

from .application import connexion_application
from .csrf import CsrfProtection
from .door import Door
from .errors import (
    AccessDenied,
    BadValue,
    CsrfRefused,
    Forbidden,
    MethodNotAllowed,
    NoSuchResource,
    RequestRefused,
    refusal,
)
from .handlers import handlers
from .json_body import read_json
from .projection import BASE_PATH
from .realm import Realm
from .request_body import read_body
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
    "Forbidden",
    "HttpSessions",
    "MethodNotAllowed",
    "NoSuchResource",
    "Realm",
    "RequestRefused",
    "connexion_application",
    "handlers",
    "read_body",
    "read_json",
    "refusal",
]
