"""The REST half: the contract's resources behind HTTP sessions, as one ASGI application."""

from .application import rest_application
from .authentication import Authentication, refuse
from .csrf import CsrfProtection
from .errors import (
    AccessDenied,
    BadValue,
    CsrfRefused,
    Forbidden,
    MethodNotAllowed,
    NoRoom,
    NoSuchResource,
    RequestRefused,
    refusal,
)
from .handlers import handlers
from .json_body import read_json
from .projection import BASE_PATH
from .realm import Realm
from .request_body import read_body
from .sessions import (
    ANY_SITE,
    COOKIE_PATH,
    SAME_SITE,
    Admission,
    Credentials,
    HttpSessions,
    cookie_path,
    sandbox_of,
)

__all__ = [
    "ANY_SITE",
    "BASE_PATH",
    "COOKIE_PATH",
    "SAME_SITE",
    "AccessDenied",
    "Admission",
    "Authentication",
    "BadValue",
    "Credentials",
    "CsrfProtection",
    "CsrfRefused",
    "Forbidden",
    "HttpSessions",
    "MethodNotAllowed",
    "NoRoom",
    "NoSuchResource",
    "Realm",
    "RequestRefused",
    "cookie_path",
    "handlers",
    "read_body",
    "read_json",
    "refusal",
    "refuse",
    "rest_application",
    "sandbox_of",
]
