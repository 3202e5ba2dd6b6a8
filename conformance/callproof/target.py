"""The vendor's file: where the server is, who the agents are, what may be dialled. Read once, refused whole when anything is wrong.

Secrets are never in the file: it names environment variables. Every complaint has its place and the key that a person must edit.
"""

from __future__ import annotations

import difflib
import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

import jsonschema_rs

from callproof.model import AGENTS, Json, Place
from callproof.places import NotYaml, Places, read_yaml

SCHEMA = Path(__file__).parent / "target.schema.json"
#: What nobody may be made to dial by a slip: short codes and, unless the file says otherwise, the usual emergency numbers.
EMERGENCY_PREFIXES = ("110", "112", "118", "119", "911", "999", "000")
_SHORT_CODE = 3
_SECRETS = re.compile(
    r"^(pass(word|wd|phrase)?|secret|token|api_?key|user(name)?|login|credentials)$", re.IGNORECASE
)


@dataclass(frozen=True, order=True)
class Problem:
    """What is wrong in a target file, and where."""

    place: Place
    text: str

    def __str__(self) -> str:
        return f"{self.place}: {self.text}"


class BadTarget(Exception):
    """A target file that cannot be used; `problems` has one entry for each mistake."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(map(str, self.problems)))


@dataclass(frozen=True)
class Agent:
    """One of the three who act. Login name and password are taken from the environment when the file is read."""

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
    """A server to be judged, and how to treat it."""

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
    requests_per_s: float | None = None
    calls_total: int = 150
    confirm_host: str = ""
    dial_only: tuple[str, ...] = ()
    require_idle: bool = True

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
        """Why this file allows no call to be placed; empty when it does."""
        if not self.is_loopback and self.confirm_host != self.host:
            return f"safety.confirm_host must repeat the host {self.host} before any call is placed"
        missing = [name for name in AGENTS if name not in self.agents]
        return f"agents.{missing[0]} is not in the target file" if missing else ""

    @property
    def dial(self) -> Mapping[str, str]:
        """Who may be dialled, as scenarios call them, with the number to dial."""
        known = {name: agent.number for name, agent in self.agents.items()}
        known.update({f"number {name}": number for name, number in self.numbers.items()})
        allowed = self.dial_only or (*self.agents, *self.numbers)
        return {name: number for name, number in known.items() if name.removeprefix("number ") in allowed}

    @property
    def has(self) -> tuple[str, ...]:
        """What the file offers of what scenarios and requirements may depend on."""
        named = [f"number:{name}" for name in self.numbers]
        return (*sorted(named), *(f"claim:{claim}" for claim in sorted(self.claims)), "auth:basic")

    @property
    def link_base(self) -> str:
        parts = urlsplit(self.base_url)
        return self.public_base or f"{parts.scheme}://{parts.netloc}"

    @property
    def base_url_hash(self) -> str:
        """The address as reports may show it."""
        return hashlib.sha256(self.base_url.encode()).hexdigest()[:16]


def read_target(file: Path, environment: Mapping[str, str]) -> Target:
    """Read a target file. Raises BadTarget with all that is wrong: unknown keys, literal secrets, variables that are not set."""
    try:
        text = file.read_text(encoding="utf-8")
    except OSError as error:
        problem = Problem(
            Place(str(file), 1), f"cannot be read ({error.strerror}); `callproof init` writes one"
        )
        raise BadTarget([problem]) from error
    except UnicodeDecodeError as error:
        raise BadTarget([Problem(Place(str(file), 1), "is not UTF-8")]) from error
    return parse_target(text, str(file), environment)


def parse_target(text: str, file: str, environment: Mapping[str, str]) -> Target:
    """The same from a text; pure."""
    try:
        value, places = read_yaml(text, file)
    except NotYaml as error:
        raise BadTarget([Problem(error.place, f"is not YAML: {error.problem}")]) from error
    if not isinstance(value, dict):
        raise BadTarget(
            [Problem(Place(file, 1), "is not a mapping; `callproof init` writes a file to start from")]
        )
    problems = [*_secret_problems(value, places), *_schema_problems(value, places)]
    if not problems:
        problems = [*_sense_problems(value, places), *_environment_problems(value, places, environment)]
    if problems:
        raise BadTarget(problems)
    return _target(value, environment)


def _secret_problems(value: Json, places: Places, path: tuple[str | int, ...] = ()) -> Iterator[Problem]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if _SECRETS.match(key) and not isinstance(inner, dict):
                name = "user_env" if key.lower().startswith(("user", "login")) else "password_env"
                text = (
                    f"{key}: a secret does not belong in this file; name an environment variable with {name}"
                )
                yield Problem(places.at(*path, key), text)
            yield from _secret_problems(inner, places, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _secret_problems(inner, places, (*path, index))


@cache
def _validator() -> tuple[jsonschema_rs.Validator, frozenset[str]]:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    return jsonschema_rs.validator_for(schema), frozenset(_names(schema))


def _names(schema: Json) -> Iterator[str]:
    """Every key that the schema knows, wherever it stands."""
    if isinstance(schema, dict):
        properties = schema.get("properties")
        if isinstance(properties, dict):
            yield from properties
        for inner in schema.values():
            yield from _names(inner)


def _schema_problems(value: dict[str, Json], places: Places) -> Iterator[Problem]:
    validator, names = _validator()
    for error in validator.iter_errors(value):
        path = tuple(error.instance_path)
        unexpected = re.findall(r"'([^']+)'", error.message) if "unexpected" in error.message else []
        keys = [key for key in unexpected if not _SECRETS.match(key)]
        if unexpected and not keys:
            continue  # Told already, in better words.
        for key in keys:
            close = difflib.get_close_matches(key, names, n=1)
            hint = f"; did you mean {close[0]}?" if close else ""
            yield Problem(
                places.at(*path, key), f"{_dotted((*path, key))} is not a key of a target file{hint}"
            )
        if not unexpected:
            yield Problem(places.at(*path), f"{_dotted(path)}: {error.message}")


def _dotted(path: Sequence[str | int]) -> str:
    return ".".join(str(part) for part in path) or "the file"


def _sense_problems(value: dict[str, Json], places: Places) -> Iterator[Problem]:
    """What a schema cannot say: numbers that may not be dialled, names that lead nowhere, hosts that differ."""
    agents, numbers, safety = _object(value, "agents"), _object(value, "numbers"), _object(value, "safety")
    known = (*agents, *numbers)
    for index, name in enumerate(_texts(safety.get("dial_only"))):
        if name not in known:
            close = difflib.get_close_matches(name, known, n=1)
            hint = f"; did you mean {close[0]}?" if close else ""
            yield Problem(
                places.at("safety", "dial_only", index),
                f"safety.dial_only: nobody in this file is called {name}{hint}",
            )
    emergency = _texts(safety.get("emergency_prefixes")) or EMERGENCY_PREFIXES
    dialled: list[tuple[tuple[str, ...], str]] = [
        (("agents", name, "number"), str(_object(agents, name)["number"])) for name in agents
    ]
    dialled += [(("numbers", name), str(number)) for name, number in numbers.items()]
    seen: dict[str, str] = {}
    for path, number in dialled:
        if len(number) <= _SHORT_CODE or (path[0] == "numbers" and number.startswith(emergency)):
            yield Problem(
                places.at(*path),
                f"{_dotted(path)}: {number} may be a short code or an emergency number and is never dialled",
            )
        if number in seen:
            yield Problem(places.at(*path), f"{_dotted(path)}: {number} is the number of {seen[number]} too")
        seen[number] = path[1]
    host = urlsplit(str(_object(value, "target")["base_url"])).hostname
    confirmed = safety.get("confirm_host")
    if confirmed is not None and confirmed != host:
        yield Problem(
            places.at("safety", "confirm_host"),
            f"safety.confirm_host is {confirmed}, target.base_url is at {host}",
        )


def _environment_problems(
    value: dict[str, Json], places: Places, environment: Mapping[str, str]
) -> Iterator[Problem]:
    for name, agent in _object(value, "agents").items():
        for key in ("user_env", "password_env"):
            variable = str(agent[key]) if isinstance(agent, dict) else ""
            if not environment.get(variable):
                yield Problem(
                    places.at("agents", name, key),
                    f"agents.{name}.{key}: the environment variable {variable} is not set",
                )


def _target(value: dict[str, Json], environment: Mapping[str, str]) -> Target:
    target, session = _object(value, "target"), _object(value, "session")
    timing, limits, safety = _object(value, "timing"), _object(value, "limits"), _object(value, "safety")
    tls = _object(target, "tls")
    return Target(
        product=str(target["product"]),
        base_url=str(target["base_url"]).rstrip("/"),
        cometd_url=str(target["cometd_url"]),
        agents={
            name: _agent(name, _object(_object(value, "agents"), name), environment)
            for name in _object(value, "agents")
        },
        product_version=str(target.get("product_version", "")),
        vendor=str(target.get("vendor", "")),
        public_base=str(target.get("public_base", "")).rstrip("/"),
        tls=_tls(tls) if tls else None,
        numbers={name: str(number) for name, number in _object(value, "numbers").items()},
        claims=_texts(value.get("claims")),
        start_session=session.get("start") is not False,
        channels=_texts(session.get("channels")) or ("voice",),
        session_place=str(session.get("place", "")),
        event_timeout_s=_number(timing, "event_timeout_s", 5.0),
        quiet_min_s=_number(timing, "quiet_min_s", 1.0),
        http_timeout_s=_number(timing, "http_timeout_s", 10.0),
        time_factor=_number(timing, "time_factor", 1.0),
        requests_per_s=_number(limits, "requests_per_s", 5.0),
        calls_total=int(_number(limits, "calls_total", 150)),
        confirm_host=str(safety.get("confirm_host", "")),
        dial_only=_texts(safety.get("dial_only")),
        require_idle=safety.get("require_idle") is not False,
    )


def _agent(name: str, fields: Mapping[str, Json], environment: Mapping[str, str]) -> Agent:
    return Agent(
        name=name,
        number=str(fields["number"]),
        user=environment[str(fields["user_env"])],
        password=environment[str(fields["password_env"])],
        also_seen_as=_texts(fields.get("also_seen_as")),
        device=str(fields.get("device", "")),
    )


def _tls(fields: Mapping[str, Json]) -> Tls:
    return Tls(str(fields.get("ca_file", "")), fields.get("verify") is not False)


def _object(value: Mapping[str, Json], name: str) -> dict[str, Json]:
    member = value.get(name)
    return member if isinstance(member, dict) else {}


def _texts(value: Json) -> tuple[str, ...]:
    return tuple(str(item) for item in value) if isinstance(value, list) else ()


def _number(fields: Mapping[str, Json], name: str, default: float) -> float:
    value = fields.get(name, default)
    return float(value) if isinstance(value, int | float) else default
