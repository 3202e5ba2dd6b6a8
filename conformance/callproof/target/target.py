"""The vendor's file: where the server is, who the agents are, which numbers may be dialled. A file with any mistake is refused.

Secrets are never in the file: it names environment variables. Every mistake is reported with its place and its key.
"""

from __future__ import annotations

import hashlib
import ssl
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, fields
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from callproof import limits
from callproof.bayeux import LONG_POLLING, WEBSOCKET
from callproof.catalogue.scenario import AGENTS
from callproof.json_values import Json, as_object, objects_in, texts_in
from callproof.strict_yaml import Mistake, NotYaml, Place, Places, read_yaml
from callproof.target import mistakes as target_mistakes
from callproof.target.mistakes import object_at
from callproof.wire import Basic, Bearer, Bounds, CertificatesUnusable, Credentials, tls_context

#: What `transport` may be, with the Bayeux connection types to offer, the best first.
TRANSPORTS: Mapping[str, Sequence[str]] = {
    "auto": (WEBSOCKET, LONG_POLLING),
    LONG_POLLING: (LONG_POLLING,),
    WEBSOCKET: (WEBSOCKET,),
}


class BadTarget(Exception):
    """A target file that cannot be used; `mistakes` has one entry for each mistake."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        self.mistakes = tuple(sorted(mistakes))
        super().__init__("\n".join(map(str, self.mistakes)))


@dataclass(frozen=True)
class Agent:
    """One of the three agents. Login name and password, or the token, come from the environment when the file is read."""

    name: str
    number: str
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    also_seen_as: tuple[str, ...] = ()
    device: str = ""
    token: str = field(default="", repr=False)

    @property
    def numbers(self) -> frozenset[str]:
        return frozenset({self.number, *self.also_seen_as})

    @property
    def credentials(self) -> Credentials:
        return Bearer(self.token) if self.token else Basic(self.user, self.password)


@dataclass(frozen=True)
class Tls:
    """Whom to trust, and which certificate to show. Paths are absolute, or relative to the working directory."""

    ca_file: str = ""
    verify: bool = True
    client_cert_file: str = ""
    client_key_file: str = ""
    client_key_password: str = field(default="", repr=False)

    def context(self) -> ssl.SSLContext:
        """Raises CertificatesUnusable."""
        ca_file, cert_file, key_file = (
            Path(name) if name else None
            for name in (self.ca_file, self.client_cert_file, self.client_key_file)
        )
        return tls_context(
            ca_file,
            verify=self.verify,
            client_cert_file=cert_file,
            client_key_file=key_file,
            client_key_password=self.client_key_password,
        )


@dataclass(frozen=True)
class Intake:
    """How much of what the server sends is read; the rows of callproof.limits say what happens at each bound."""

    answer_bytes: int = limits.ANSWER_BYTES.default
    head_bytes: int = limits.HEAD_BYTES.default
    messages_per_delivery: int = limits.MESSAGES_PER_DELIVERY.default
    messages_per_scenario: int = limits.MESSAGES_PER_SCENARIO.default
    transcript_bytes: int = limits.TRANSCRIPT_BYTES.default
    retry_after_s: int = limits.RETRY_AFTER_S.default

    @property
    def bounds(self) -> Bounds:
        """Those of one answer."""
        return Bounds(
            answer_bytes=self.answer_bytes,
            head_bytes=self.head_bytes,
            messages_per_delivery=self.messages_per_delivery,
        )


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
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    proxy: str = field(default="", repr=False)
    auth: str = "basic"
    numbers: Mapping[str, str] = field(default_factory=dict)
    claims: tuple[str, ...] = ()
    start_session: bool = True
    channels: tuple[str, ...] = ("voice",)
    session_place: str = ""
    event_timeout_s: float = 5.0
    quiet_min_s: float = 1.0
    http_timeout_s: float = 10.0
    time_factor: float = 1.0
    teardown_s: float = limits.TEARDOWN.default
    requests_per_s: float | None = None
    calls_total: int = 150
    intake: Intake = Intake()
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
        return (*sorted(named), *claimed, *listening, f"auth:{self.auth}")

    @property
    def secrets(self) -> tuple[str, ...]:
        """What nobody may read and no agent of the wire knows."""
        return (self.tls.client_key_password,) if self.tls and self.tls.client_key_password else ()

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
            data = stream.read(limits.TARGET_FILE.default + 1)
        if len(data) > limits.TARGET_FILE.default:
            raise _bad(
                file,
                f"is larger than {limits.TARGET_FILE.default // 1024} KiB, which is too large for a target file",
            )
        target, places = _parsed(data.decode("utf-8"), str(file), environment, numbers)
    except OSError as error:
        raise _bad(file, f"cannot be read ({error.strerror}); `callproof init` writes one") from error
    except UnicodeDecodeError as error:
        raise _bad(file, "is not UTF-8; save it as UTF-8") from error
    if target.tls:
        try:
            target.tls.context()
        except CertificatesUnusable as error:
            raise BadTarget([_of_certificates(error, places)]) from error
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


def _of_certificates(error: CertificatesUnusable, places: Places) -> Mistake:
    beside = "; a relative path starts at the target file's folder" if "cannot be read" in error.why else ""
    place = places.at("target", "tls", error.setting)
    return Mistake(place, "", f"target.tls.{error.setting}: {error}{beside}")


def _target(value: dict[str, Json], folder: Path, environment: Mapping[str, str]) -> Target:
    target, session = object_at(value, "target"), object_at(value, "session")
    timing, load, safety = (
        object_at(value, "timing"),
        object_at(value, "limits"),
        object_at(value, "safety"),
    )
    cometd, agents, tls = object_at(value, "cometd"), object_at(value, "agents"), object_at(target, "tls")
    return Target(
        product=str(target["product"]),
        base_url=str(target["base_url"]).rstrip("/"),
        cometd_url=str(target["cometd_url"]),
        agents={name: _agent(name, as_object(named), environment) for name, named in agents.items()},
        product_version=str(target.get("product_version", "")),
        vendor=str(target.get("vendor", "")),
        public_base=str(target.get("public_base", "")).rstrip("/"),
        tls=_tls(tls, folder, environment) if tls else None,
        headers=tuple(
            (str(one["name"]), environment[str(one["value_env"])])
            for one in objects_in(target.get("headers"))
        ),
        proxy=environment[str(target["proxy_url_env"])] if "proxy_url_env" in target else "",
        auth=str(object_at(value, "auth").get("kind", "basic")),
        numbers={name: str(number) for name, number in object_at(value, "numbers").items()},
        claims=tuple(texts_in(value.get("claims"))),
        start_session=session.get("start") is not False,
        channels=tuple(texts_in(session.get("channels"))) or ("voice",),
        session_place=str(session.get("place", "")),
        event_timeout_s=_number(timing, "event_timeout_s", 5.0),
        quiet_min_s=_number(timing, "quiet_min_s", 1.0),
        http_timeout_s=_number(timing, "http_timeout_s", 10.0),
        time_factor=_number(timing, "time_factor", 1.0),
        teardown_s=_number(timing, "teardown_s", limits.TEARDOWN.default),
        requests_per_s=_number(load, "requests_per_s", 5.0),
        calls_total=int(_number(load, "calls_total", 150)),
        intake=Intake(
            **{each.name: int(str(load[each.name])) for each in fields(Intake) if each.name in load}
        ),
        confirm_host=str(safety.get("confirm_host", "")),
        dial_only=tuple(texts_in(safety.get("dial_only"))),
        require_idle=safety.get("require_idle") is not False,
        transport=str(cometd.get("transport", LONG_POLLING)),
        acknowledge=cometd.get("acknowledge") == "on",
    )


def _tls(tls: Mapping[str, Json], folder: Path, environment: Mapping[str, str]) -> Tls:
    ca_file, cert_file, key_file = (
        str(folder / str(tls[name])) if name in tls else ""
        for name in ("ca_file", "client_cert_file", "client_key_file")
    )
    password = environment[str(tls["client_key_password_env"])] if "client_key_password_env" in tls else ""
    return Tls(ca_file, tls.get("verify") is not False, cert_file, key_file, password)


def _agent(name: str, named: Mapping[str, Json], environment: Mapping[str, str]) -> Agent:
    return Agent(
        name=name,
        number=str(named["number"]),
        user=environment.get(str(named.get("user_env")), ""),
        password=environment.get(str(named.get("password_env")), ""),
        also_seen_as=tuple(texts_in(named.get("also_seen_as"))),
        device=str(named.get("device", "")),
        token=environment.get(str(named.get("token_env")), ""),
    )


def _number(named: Mapping[str, Json], name: str, default: float) -> float:
    return float(str(named.get(name, default)))  # the schema has seen to it that it is a number
