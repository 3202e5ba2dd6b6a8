"""What the REST half knows of one switch: who may come in, and what he can ask there."""

from __future__ import annotations

from dataclasses import dataclass

from refswitch.outcomes import Outcomes
from refswitch.switch import Switch

from .csrf import OFF, CsrfProtection
from .sessions import Admission, HttpSessions


@dataclass(frozen=True, slots=True)
class Realm:
    """A switch with its own agents and sessions. `public_base` is what its links begin with."""

    switch: Switch
    sessions: HttpSessions
    admission: Admission
    public_base: str
    outcomes: Outcomes
    csrf: CsrfProtection = OFF

    @property
    def api(self) -> str:
        """The address that every link of this switch begins with."""
        return self.public_base.rstrip("/") + "/api/v2"
