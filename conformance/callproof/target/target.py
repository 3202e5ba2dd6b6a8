"""The vendor's file: where the server is, who the agents are, which numbers may be dialled. A file with any mistake is refused.

Secrets are never in the file: it names environment variables. Every mistake is reported with its place and its key.
"""

from __future__ import annotations

import hashlib
import ssl
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from callproof.bayeux import LONG_POLLING, WEBSOCKET
from callproof.catalogue.scenario import AGENTS
from callproof.json_values import Json, as_object, texts_in
from callproof.limits import TEARDOWN
from callproof.strict_yaml import Mistake, NotYaml, Place, Places, read_yaml
from callproof.target import mistakes as target_mistakes
from callproof.target.mistakes import object_at

#: What `transport` may be, with the Bayeux connection types to offer, the best first.
TRANSPORTS: Mapping[str, Sequence[str]] = {
    "auto": (WEBSOCKET, LONG_POLLING),
    LONG_POLLING: (LONG_POLLING,),
    WEBSOCKET: (WEBSOCKET,),
}
#: Bytes. A target file has a few dozen lines.
LARGEST = 256 * 1024


class BadTarget(Exception):
    """A target file that cannot be used; `mistakes` has one entry for each mistake."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        self.mistakes = tuple(sorted(mistakes))
        super().__init__("\n".join(map(str, self.mistakes)))


@dataclass(frozen=True)
class Agent:
    """One of the three agents. Login name and password come from the environment when the file is read."""

    name: str
    number: str
    user: str = field(repr=False)
    password: str = field(repr=False)
    also_seen_as: tuple[str, ...] = ()
    device: str = ""

    @property
    def numbers(self) -> frozenset[str]:
        return frozenset({self.number, *self.also_seen_as})


@dataclass(frozen=True)
class Tls:
    ca_file: str = ""
    verify: bool = True


@dataclass(frozen=True)
class Target:
    """A server to judge, and how to treat it."""

    product: str
    base_url: str
    cometd_url: str
    agents: Mapping[str, Agent]
    product_version: str = ""
    vendor: str = ""
    public_base: str = ""
    tls: Tls | None = None
    numbers: Mapping[str, str] = field(default_factory=dict)
    claims: tuple[str, ...] = ()
    start_session: bool = True
    channels: tuple[str, ...] = ("voice",)
    session_place: str = ""
    event_timeout_s: float = 5.0
    quiet_min_s: float = 1.0
    http_timeout_s: float = 10.0
    time_factor: float = 1.0
    teardown_s: float = TEARDOWN.default
    requests_per_s: float | None = None
    calls_total: int = 150
    confirm_host: str = ""
    dial_only: tuple[str, ...] = ()
    require_idle: bool = True
    transport: str = LONG_POLLING
    acknowledge: bool = False

    @property
    def host(self) -> str:
        return urlsplit(self.base_url).hostname or ""

    @property
    def is_loopback(self) -> bool:
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"

    @property
    def why_no_calls(self) -> str:
        """Why this file does not allow calls; empty if it does."""
        if not self.is_loopback and self.confirm_host != self.host:
            return f"safety.confirm_host must repeat the host {self.host} before any call is placed"
        if not self.calls_total:
            return "limits.calls_total is 0"
        missing = [name for name in AGENTS if name not in self.agents]
        return f"agents.{missing[0]} is not in the target file" if missing else ""

    @property
    def dial(self) -> Mapping[str, str]:
        """The numbers that may be dialled, by the names that scenarios use."""
        known = {name: agent.number for name, agent in self.agents.items()}
        known.update({f"number {name}": number for name, number in self.numbers.items()})
        allowed = self.dial_only or (*self.agents, *self.numbers)
        return {name: number for name, number in known.items() if name.removeprefix("number ") in allowed}

    @property
    def has(self) -> tuple[str, ...]:
        """The features that scenarios and requirements may depend on, as far as the file offers them and the run uses them."""
        named = [f"number:{name}" for name in self.numbers]
        listening = ["transport:websocket"] if self.transport == WEBSOCKET else []
        listening += ["acknowledge:on"] if self.acknowledge else []
        claimed = [f"claim:{claim}" for claim in sorted(self.claims)]
        return (*sorted(named), *claimed, *listening, "auth:basic")

    @property
    def link_base(self) -> str:
        parts = urlsplit(self.base_url)
        return self.public_base or f"{parts.scheme}://{parts.netloc}"

    @property
    def base_url_hash(self) -> str:
        """The form of the address that reports may show."""
        return hashlib.sha256(self.base_url.encode()).hexdigest()[:16]


def read_target(file: Path, environment: Mapping[str, str], numbers: Collection[str] | None = None) -> Target:
    """Read a target file. Raises BadTarget with all mistakes: unknown keys, literal secrets, variables that are not set.

    `numbers` are the names that scenarios dial; None accepts any name.
    """
    try:
        with file.open("rb") as stream:
            data = stream.read(LARGEST + 1)
        if len(data) > LARGEST:
            raise _bad(file, f"is larger than {LARGEST // 1024} KiB, which is too large for a target file")
        target, places = _parsed(data.decode("utf-8"), str(file), environment, numbers)
    except OSError as error:
        raise _bad(file, f"cannot be read ({error.strerror}); `callproof init` writes one") from error
    except UnicodeDecodeError as error:
        raise _bad(file, "is not UTF-8; save it as UTF-8") from error
    if target.tls and (wrong := _wrong_with_certificates(target.tls.ca_file)):
        place = places.at("target", "tls", "ca_file")
        raise BadTarget([Mistake(place, "", f"target.tls.ca_file: {target.tls.ca_file} {wrong}")])
    return target


def _parsed(
    text: str, file: str, environment: Mapping[str, str], numbers: Collection[str] | None
) -> tuple[Target, Places]:
    try:
        value, places = read_yaml(text, file, aliases=False)
    except NotYaml as error:
        raise BadTarget([Mistake(error.place, "", f"cannot be read as YAML: {error.reason}")]) from error
    if not isinstance(value, dict):
        raise _bad(file, "is not a mapping; `callproof init` writes a file to start from")
    mistakes = [*target_mistakes.of_secrets(value, places), *target_mistakes.of_shape(value, places)]
    if not mistakes:
        mistakes = [
            *target_mistakes.of_sense(value, places, numbers),
            *target_mistakes.of_environment(value, places, environment),
        ]
    if mistakes:
        raise BadTarget(mistakes)
    return _target(value, Path(file).parent, environment), places


def _bad(file: Path | str, text: str) -> BadTarget:
    return BadTarget([Mistake(Place(str(file), 1), "", text)])


def _wrong_with_certificates(ca_file: str) -> str:
    """Why a file of certificate authorities is unusable; empty if it can be used, or if none is named."""
    try:
        ssl.create_default_context(cafile=ca_file or None)
    except ssl.SSLError:
        return "does not contain certificates; it must contain those of the authority in PEM form"
    except OSError as error:
        return f"cannot be read ({error.strerror}); a relative path starts at the target file's folder"
    return ""


def _target(value: dict[str, Json], folder: Path, environment: Mapping[str, str]) -> Target:
    target, session = object_at(value, "target"), object_at(value, "session")
    timing, limits, safety = (
        object_at(value, "timing"),
        object_at(value, "limits"),
        object_at(value, "safety"),
    )
    cometd, agents, tls = object_at(value, "cometd"), object_at(value, "agents"), object_at(target, "tls")
    ca_file = str(tls.get("ca_file", ""))
    return Target(
        product=str(target["product"]),
        base_url=str(target["base_url"]).rstrip("/"),
        cometd_url=str(target["cometd_url"]),
        agents={name: _agent(name, as_object(fields), environment) for name, fields in agents.items()},
        product_version=str(target.get("product_version", "")),
        vendor=str(target.get("vendor", "")),
        public_base=str(target.get("public_base", "")).rstrip("/"),
        tls=Tls(str(folder / ca_file) if ca_file else "", tls.get("verify") is not False) if tls else None,
        numbers={name: str(number) for name, number in object_at(value, "numbers").items()},
        claims=tuple(texts_in(value.get("claims"))),
        start_session=session.get("start") is not False,
        channels=tuple(texts_in(session.get("channels"))) or ("voice",),
        session_place=str(session.get("place", "")),
        event_timeout_s=_number(timing, "event_timeout_s", 5.0),
        quiet_min_s=_number(timing, "quiet_min_s", 1.0),
        http_timeout_s=_number(timing, "http_timeout_s", 10.0),
        time_factor=_number(timing, "time_factor", 1.0),
        teardown_s=_number(timing, "teardown_s", TEARDOWN.default),
        requests_per_s=_number(limits, "requests_per_s", 5.0),
        calls_total=int(_number(limits, "calls_total", 150)),
        confirm_host=str(safety.get("confirm_host", "")),
        dial_only=tuple(texts_in(safety.get("dial_only"))),
        require_idle=safety.get("require_idle") is not False,
        transport=str(cometd.get("transport", LONG_POLLING)),
        acknowledge=cometd.get("acknowledge") == "on",
    )


def _agent(name: str, fields: Mapping[str, Json], environment: Mapping[str, str]) -> Agent:
    return Agent(
        name=name,
        number=str(fields["number"]),
        user=environment[str(fields["user_env"])],
        password=environment[str(fields["password_env"])],
        also_seen_as=tuple(texts_in(fields.get("also_seen_as"))),
        device=str(fields.get("device", "")),
    )


def _number(fields: Mapping[str, Json], name: str, default: float) -> float:
    return float(str(fields.get(name, default)))  # the schema has seen to it that it is a number
