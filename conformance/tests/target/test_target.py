"""The vendor's file: what is refused, and in which words."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import certifi
import pytest

from callproof import limits
from callproof.target.mistakes import SCHEMA
from callproof.target.target import BadTarget, Intake, Target, Tls, read_target
from callproof.wire import Basic, Bearer, Bounds
from conformance.tests import certificates

ENVIRONMENT = {"USER": "login", "BOB": "bob's", "CAROL": "carol's", "PASSWORD": "password"}
AGENTS = """agents:
  alice: {number: "15000", also_seen_as: ["+3115000"], user_env: USER, password_env: PASSWORD}
  bob: {number: "15001", user_env: BOB, password_env: PASSWORD}
  carol: {number: "15002", user_env: CAROL, password_env: PASSWORD}
"""
HEAD = """version: 1
target:
  product: A switch
  base_url: https://cti.example.test/api/v2/
  cometd_url: https://cti.example.test/api/v2/notifications
"""


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def read(
    text: str, environment: dict[str, str] | None = None, numbers: frozenset[str] | None = None
) -> Target:
    file = Path("target.yaml")
    file.write_text(text, encoding="utf-8")
    return read_target(file, ENVIRONMENT if environment is None else environment, numbers)


def target(more: str = "") -> Target:
    return read(HEAD + AGENTS + more)


def problems(
    text: str, environment: dict[str, str] | None = None, numbers: frozenset[str] | None = None
) -> list[str]:
    with pytest.raises(BadTarget) as caught:
        read(text, environment, numbers)
    return [str(mistake) for mistake in caught.value.mistakes]


def test_defaults_are_those_that_the_documentation_promises() -> None:
    found = target()

    assert (found.base_url, found.event_timeout_s, found.quiet_min_s, found.http_timeout_s) == (
        "https://cti.example.test/api/v2", 5.0, 1.0, 10.0,
    )  # fmt: skip
    assert (found.requests_per_s, found.calls_total, found.require_idle, found.start_session) == (
        5.0,
        150,
        True,
        True,
    )
    assert found.agents["alice"].numbers == {"15000", "+3115000"}
    assert found.link_base == "https://cti.example.test"


def test_sessions_listen_by_long_polling_without_acknowledgement_unless_the_file_says_otherwise() -> None:
    found, told = target(), target("cometd: {transport: websocket, acknowledge: on}\n")

    assert (found.transport, found.acknowledge, found.has) == ("long-polling", False, ("auth:basic",))
    assert (told.transport, told.acknowledge) == ("websocket", True)
    assert told.has == ("transport:websocket", "acknowledge:on", "auth:basic")


def test_off_loopback_no_call_is_placed_until_the_host_is_repeated() -> None:
    assert "safety.confirm_host must repeat the host cti.example.test" in target().why_no_calls
    assert target("safety: {confirm_host: cti.example.test}\n").why_no_calls == ""


def test_on_loopback_the_host_needs_no_confirmation() -> None:
    text = (HEAD + AGENTS).replace("https://cti.example.test", "http://127.0.0.1:8080")

    assert read(text).why_no_calls == ""


def test_without_three_agents_no_call_is_placed() -> None:
    alone = HEAD + AGENTS.partition("  bob")[0] + "safety: {confirm_host: cti.example.test}\n"

    assert read(alone).why_no_calls == "agents.bob is not in the target file"


def test_only_configured_numbers_may_be_dialled() -> None:
    found = target('numbers: {nonexistent: "15999"}\nsafety: {dial_only: [carol, nonexistent]}\n')

    assert found.dial == {"carol": "15002", "number nonexistent": "15999"}
    assert found.has == ("number:nonexistent", "auth:basic")


def test_with_no_calls_at_all_none_is_placed() -> None:
    assert target("limits: {calls_total: 0}\n").why_no_calls.startswith("safety.confirm_host")
    assert target("limits: {calls_total: 0}\nsafety: {confirm_host: cti.example.test}\n").why_no_calls == (
        "limits.calls_total is 0"
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (HEAD + AGENTS + "timming: {}\n", "target.yaml:10: timming is not a key of a target file; did you mean timing?"),
        (
            HEAD.replace("base_url", "base_ur") + AGENTS,
            "target.yaml:4: target.base_ur is not a key of a target file; did you mean base_url?",
        ),
        (HEAD + AGENTS + "tls: {}\n", "target.yaml:10: tls is not a key of a target file; did you mean target.tls?"),
        (
            HEAD + AGENTS + "  dave: {}\n",
            "target.yaml:10: agents.dave is not a key of a target file; agents has alice, bob, carol",
        ),
        (
            HEAD + AGENTS.replace("password_env: PASSWORD", "password: secret", 1),
            "target.yaml:7: password: a secret does not belong in this file; name an environment variable with password_env",
        ),
        (
            HEAD + AGENTS + "safety: {dial_only: [dave]}\n",
            "target.yaml:10: safety.dial_only: this file names neither an agent nor a number dave; there are alice, bob, carol",
        ),
        (
            HEAD + AGENTS + 'numbers: {nonexistent: "112"}\n',
            "target.yaml:10: numbers.nonexistent: 112 may be a short code or an emergency number and is never dialled; "
            "name another number",
        ),
        (
            HEAD + AGENTS + 'numbers: {busy: "15001"}\n',
            "target.yaml:10: numbers.busy: 15001 is also the number of bob; each needs a number of their own",
        ),
        (
            HEAD + AGENTS + "safety: {confirm_host: other.test}\n",
            "target.yaml:10: safety.confirm_host is other.test, but the host of target.base_url is cti.example.test; "
            "write the same host in both",
        ),
        ("- a list\n", "target.yaml:1: is not a mapping; `callproof init` writes a file to start from"),
        ("", "target.yaml:1: is not a mapping; `callproof init` writes a file to start from"),
        ("a: [\n", "target.yaml:2: cannot be read as YAML: expected the node content, but found '<stream end>'"),
    ],
    ids=["key", "inner key", "elsewhere", "agent", "secret", "nobody", "short", "twice", "host", "list", "empty", "yaml"],
)  # fmt: skip
def test_a_mistake_is_reported_with_its_line_and_its_key(text: str, told: str) -> None:
    assert told in problems(text)


ADDRESS = (
    "The address of the API, including /api/v2; it begins with http:// or https:// and contains no login."
)
DIGITS = "It consists of digits, +, * and #; write it in quotes."


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (HEAD.replace("  base_url: https://cti.example.test/api/v2/\n", ""), f"2: target.base_url is missing. {ADDRESS}"),
        (HEAD.replace("https://cti.example.test/api/v2/\n", "ftp://h\n"), f"4: target.base_url does not have the right form. {ADDRESS}"),
        (HEAD.replace("A switch", '""'), "3: target.product is empty. The product's name, as reports show it."),
        (HEAD.replace("version: 1", "version: 2"), "1: version must be 1. The version of this format."),
        (HEAD + "numbers: {nonexistent: 15999}\n", f"6: numbers.nonexistent must be a string, but is a number. {DIGITS}"),
        (HEAD + "auth: {kind: oauth}\n", "6: auth.kind must be basic or bearer. basic is a login name and a password, bearer is a token."),
        (
            HEAD + "timing: {time_factor: 100}\n",
            "6: timing.time_factor must be at most 60, but is 100. It multiplies all times, for a slow server.",
        ),
        (
            HEAD + "timing: {quiet_min_s: 0}\n",
            "6: timing.quiet_min_s must be more than 0, but is 0. How many seconds of silence show that nothing else will arrive.",
        ),
        (
            HEAD + "limits: {calls_total: -1}\n",
            "6: limits.calls_total must be at least 0, but is -1. "
            "How many calls to place at most; with 0, only what needs no call is judged.",
        ),
        (
            HEAD + "session: {start: yes}\n",
            "6: session.start must be true or false, but is a string. "
            "Send StartContactCenterSession before the first call, as desktops do.",
        ),
        (
            HEAD + "cometd: {transport: web-socket}\n",
            "6: cometd.transport must be auto or long-polling or websocket; did you mean websocket? "
            "The transport of the agents' sessions; auto is websocket if the server accepts it, else long-polling.",
        ),
        (
            HEAD + "cometd: {acknowledge: true}\n",
            "6: cometd.acknowledge must be on or off. "
            "on asks the server to resend lost notifications (CometD, Acknowledge Extension).",
        ),
        (HEAD + "claims: [a, a]\n", "6: claims contains a value twice. A list of the capabilities that the server claims."),
    ],
)  # fmt: skip
def test_a_broken_rule_is_reported_with_the_key_the_rule_and_what_to_write(text: str, told: str) -> None:
    assert problems(text + AGENTS) == [f"target.yaml:{told}"]


def test_every_key_of_the_schema_says_what_to_write() -> None:
    def silent(schema: dict[str, Any], path: str) -> Iterator[str]:
        for name, inner in schema.get("properties", {}).items():
            if not {"description", "$ref"} & inner.keys():
                yield f"{path}.{name}"
            yield from silent(inner, f"{path}.{name}")

    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    assert [*silent(schema, ""), *silent(schema["$defs"]["agent"], "agent")] == []


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("http://[::1/api/v2", "has an invalid host or port"),
        ("http://h:x/api/v2", "has an invalid host or port"),
        ("http://h:99999/api/v2", "has an invalid host or port"),
        ("http:///api/v2", "names no host"),
        ("http://h/api\\tv2", "contains a character that is not allowed in an address"),
        ("http://h/api/v2?a=b", "ends in a query or a fragment"),
    ],
)
@pytest.mark.parametrize("key", ["base_url", "cometd_url", "public_base"])
def test_an_address_that_leads_nowhere_is_reported(key: str, address: str, told: str) -> None:
    head = "\n".join(line for line in HEAD.splitlines() if f"  {key}:" not in line)
    found = problems(f'{head}\n  {key}: "{address}"\n{AGENTS}')

    assert [problem.partition(": ")[2] for problem in found] == [
        f"target.{key} {told}; write it like https://cti.example.test/api/v2"
    ]


@pytest.mark.parametrize("login", ["user:hunter2@", "hunter2@", ":hunter2@"])
def test_a_login_in_an_address_is_refused_and_not_repeated(login: str) -> None:
    (told,) = problems(HEAD.replace("base_url: https://", f"base_url: https://{login}") + AGENTS)
    mistyped = problems(HEAD.replace("base_url: https://", f"base_url: htps://{login}") + AGENTS)

    assert told == (
        "target.yaml:4: target.base_url contains a login, and a secret does not belong in this file; "
        "remove it and name environment variables with user_env and password_env"
    )
    assert "hunter2" not in str(mistyped)


def test_a_number_that_no_scenario_dials_is_refused_with_the_name_that_was_meant() -> None:
    known = frozenset({"nonexistent"})
    text = HEAD + AGENTS + 'numbers: {nonexistant: "15999", party: "15998"}\n'

    assert problems(text, numbers=known) == [
        "target.yaml:10: numbers.nonexistant: no scenario dials a number of this name; did you mean nonexistent?",
        "target.yaml:10: numbers.party: no scenario dials a number of this name; the known names are nonexistent",
    ]
    assert read(text).numbers.keys() == {"nonexistant", "party"}


def test_a_login_that_two_agents_would_share_is_refused() -> None:
    assert problems(HEAD + AGENTS.replace("BOB", "USER")) == [
        "target.yaml:8: agents.bob.user_env: USER also holds the login of alice; each agent needs a login of their own"
    ]


def test_a_variable_that_is_not_set_is_named() -> None:
    told = "target.yaml:7: agents.alice.user_env: the environment variable USER is not set; export it first"
    assert told in problems(HEAD + AGENTS, {})


def test_a_secret_is_in_no_words_about_the_target() -> None:
    assert "password" not in repr(target()).replace("password_env", "")


def test_a_missing_file_is_reported(tmp_path: Path) -> None:
    with pytest.raises(BadTarget, match="cannot be read"):
        read_target(tmp_path / "none.yaml", {})


def test_a_file_without_end_is_not_read_to_its_end(tmp_path: Path) -> None:
    (tmp_path / "long.yaml").write_text("#" * 300_000)
    with pytest.raises(BadTarget, match="is larger than 256 KiB, which is too large for a target file"):
        read_target(tmp_path / "long.yaml", {})


# Certificates ----------------------------------------------------------------------------------------------------------


def with_certificates(folder: Path, name: str) -> Path:
    file = folder / "target.yaml"
    file.write_text(f"{HEAD}  tls: {{ca_file: {name}}}\n{AGENTS}")
    return file


def test_certificates_are_looked_for_beside_the_target_file(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text(Path(certifi.where()).read_text())

    found = read_target(with_certificates(tmp_path, "ca.pem"), ENVIRONMENT)

    assert found.tls == Tls(str(tmp_path / "ca.pem"))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (
            None,
            "cannot be read (No such file or directory); a relative path starts at the target file's folder",
        ),
        ("nonsense", "does not contain certificates; it must contain those of the authority in PEM form"),
        ("", "does not contain certificates; it must contain those of the authority in PEM form"),
    ],
)
def test_unusable_certificates_are_reported_when_the_file_is_read(
    tmp_path: Path, text: str | None, why: str
) -> None:
    if text is not None:
        (tmp_path / "ca.pem").write_text(text)
    file = with_certificates(tmp_path, "ca.pem")

    with pytest.raises(BadTarget) as caught:
        read_target(file, ENVIRONMENT)

    assert str(caught.value) == f"{file}:6: target.tls.ca_file: {tmp_path / 'ca.pem'} {why}"


def test_the_certificate_to_show_is_looked_for_beside_the_target_file(tmp_path: Path) -> None:
    for name, source in (
        ("client.pem", certificates.CLIENT),
        ("client.key", certificates.CLIENT_KEY_ENCRYPTED),
    ):
        (tmp_path / name).write_bytes(source.read_bytes())
    tls = "client_cert_file: client.pem, client_key_file: client.key, client_key_password_env: KEY_PASSWORD"
    file = tmp_path / "target.yaml"
    file.write_text(f"{HEAD}  tls: {{{tls}}}\n{AGENTS}")

    found = read_target(file, ENVIRONMENT | {"KEY_PASSWORD": certificates.CLIENT_KEY_PASSWORD})

    client, key = str(tmp_path / "client.pem"), str(tmp_path / "client.key")
    assert found.tls == Tls("", True, client, key, certificates.CLIENT_KEY_PASSWORD)
    assert found.secrets == (certificates.CLIENT_KEY_PASSWORD,)
    with pytest.raises(BadTarget) as caught:
        read_target(file, ENVIRONMENT | {"KEY_PASSWORD": "wrong"})
    assert str(caught.value) == (
        f"{file}:6: target.tls.client_key_file: {key} is encrypted, and its password does not open it; "
        "check the variable that holds the password"
    )


# Logins, headers, proxies ------------------------------------------------------------------------------------------------

BEARER = """auth: {kind: bearer}
agents:
  alice: {number: "15000", token_env: TOKEN}
"""
WAY = """  headers:
    - {name: X-Api-Key, value_env: API_KEY}
  proxy_url_env: PROXY
"""


def test_agents_log_in_with_a_token_if_the_file_says_so() -> None:
    found = read(HEAD + BEARER, {"TOKEN": "a token"[2:]})

    assert found.agents["alice"].credentials == Bearer("token")
    assert found.has == ("auth:bearer",)
    assert target().agents["alice"].credentials == Basic("login", "password")


def test_headers_and_the_proxy_come_from_the_environment() -> None:
    found = read(HEAD + WAY + AGENTS, ENVIRONMENT | {"API_KEY": "key", "PROXY": "http://u:p@proxy.test:3128"})

    assert found.headers == (("X-Api-Key", "key"),)
    assert found.proxy == "http://u:p@proxy.test:3128"
    assert "key'" not in repr(found)
    assert "u:p@" not in repr(found)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            HEAD + BEARER.replace(", token_env: TOKEN", ", user_env: USER, password_env: PASSWORD"),
            "8: agents.alice.token_env is missing. auth.kind is bearer, so a token is needed. "
            "The name of the environment variable that holds the token, if auth.kind is bearer: letters, digits and _.",
        ),
        (
            HEAD + "  headers: [{name: X-Key, value: secret, value_env: USER}]\n" + AGENTS,
            "6: value: a secret does not belong in this file; name an environment variable with value_env",
        ),
        (
            HEAD + "  proxy_url: http://u:p@proxy.test\n" + AGENTS,
            "6: proxy_url: a secret does not belong in this file; name an environment variable with proxy_url_env",
        ),
        (
            HEAD + "  headers: [{name: authorization, value_env: USER}]\n" + AGENTS,
            "6: target.headers: authorization cannot be added; say how agents log in with auth.kind",
        ),
        (
            HEAD + "  headers: [{name: X-A, value_env: USER}, {name: x-a, value_env: USER}]\n" + AGENTS,
            "6: target.headers: x-a cannot be added; name it once",
        ),
        (
            HEAD + "  headers: [{name: X-A, value_env: NONE}]\n" + AGENTS,
            "6: target.headers.0.value_env: the environment variable NONE is not set; export it first",
        ),
        (
            HEAD + "  headers: [{name: X-A, value_env: TWO_LINES}]\n" + AGENTS,
            "6: target.headers.0.value_env: the value of TWO_LINES cannot be sent in a header; "
            "it must consist of printable ASCII characters",
        ),
        (
            HEAD + "  proxy_url_env: SOCKS\n" + AGENTS,
            "6: target.proxy_url_env: the value of SOCKS is not the address of an HTTP proxy; "
            "write it like http://proxy.example.test:3128",
        ),
        (
            HEAD + "  proxy_url_env: NO_HOST\n" + AGENTS,
            "6: target.proxy_url_env: the value of NO_HOST names no host, or contains a character that is not allowed "
            "in an address; write it like http://proxy.example.test:3128",
        ),
        (
            HEAD + "  proxy_url_env: WITH_PATH\n" + AGENTS,
            "6: target.proxy_url_env: the value of WITH_PATH has something after the host and the port; "
            "write it like http://proxy.example.test:3128",
        ),
        (
            HEAD + "  tls: {client_key_file: client.key}\n" + AGENTS,
            "6: target.tls.client_key_file needs target.tls.client_cert_file, the certificate that the key belongs to",
        ),
    ],
)
def test_a_mistake_about_the_way_to_the_server_names_its_place_and_the_remedy(text: str, told: str) -> None:
    values = {
        "TWO_LINES": "first\nsecond",
        "SOCKS": "socks5://proxy.test",
        "NO_HOST": "http://",
        "WITH_PATH": "http://proxy.test/path",
    }
    assert problems(text, ENVIRONMENT | values) == [f"target.yaml:{told}"]


def test_how_much_is_read_can_be_set() -> None:
    assert target().intake == Intake()
    found = target("limits: {answer_bytes: 1000000, retry_after_s: 0, messages_per_scenario: 100}\n")
    assert found.intake == Intake(answer_bytes=1_000_000, retry_after_s=0, messages_per_scenario=100)
    assert found.intake.bounds == Bounds(answer_bytes=1_000_000)


def test_every_bound_of_a_server_can_be_set_where_the_table_says_so() -> None:
    keys = json.loads(SCHEMA.read_text())["properties"]["limits"]["properties"]
    named = {
        bound.option.removeprefix("limits.")
        for bound in vars(limits).values()
        if isinstance(bound, limits.Bound)
    }
    assert {each.name for each in fields(Intake)} == named & set(keys)
