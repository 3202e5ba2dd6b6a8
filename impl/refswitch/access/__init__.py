"""Admission: HTTP sessions, credentials and CSRF tokens, the same for REST and CometD."""

from .admission import ANY_SITE, SAME_SITE, Access, Admission, Admitted
from .credentials import Credentials, named_sandbox, session_tokens
from .sessions import HttpSessions

__all__ = [
    "ANY_SITE",
    "SAME_SITE",
    "Access",
    "Admission",
    "Admitted",
    "Credentials",
    "HttpSessions",
    "named_sandbox",
    "session_tokens",
]
