"""The mistakes in a target file, for the person who must correct it: the key, the rule, what to do. Pure.

A value that could be a secret, such as a login in an address, is never repeated.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import cast
from urllib.parse import urlsplit

import jsonschema_rs

from callproof.json_values import Json, as_object, objects_in, text_of, texts_in
from callproof.strict_yaml import Mistake, Places
from callproof.suggestions import closest

SCHEMA = Path(__file__).parent / "target.schema.json"
#: What must not be dialled by mistake: short codes and, unless the file says otherwise, the usual emergency numbers.
EMERGENCY_PREFIXES = ("110", "112", "118", "119", "911", "999", "000")
_SHORT_CODE = 3
#: The keys under which people write secrets, with the key that names an environment variable instead.
_SECRETS: Mapping[re.Pattern[str], str] = {
    re.compile(words, re.IGNORECASE): instead
    for words, instead in (
        (r"^(user(name)?|login)$", "user_env"),
        (r"^(pass(word|wd|phrase)?|secret|credentials)$", "password_env"),
        (r"^((bearer|access)_?)?token$", "token_env"),
        (r"^(api_?key|value)$", "value_env"),
        (r"^(http|https)?_?proxy(_?url)?$", "proxy_url_env"),
        (r"^client_key_password$", "client_key_password_env"),
    )
}
#: The headers that cannot be added, with what to do instead.
_NOT_ADDED: Mapping[str, str] = {
    "authorization": "say how agents log in with auth.kind",
    "proxy-authorization": "write the proxy's login into the address that target.proxy_url_env names",
    **dict.fromkeys(("cookie", "host", "origin", "accept", "accept-encoding"), "the suite sets it itself"),
    **dict.fromkeys(
        ("content-type", "content-length", "transfer-encoding", "connection", "upgrade", "te", "trailer"),
        "the suite sets it itself",
    ),
}
#: The keys that an agent needs, by auth.kind.
_LOGINS: Mapping[str, Sequence[str]] = {"basic": ("user_env", "password_env"), "bearer": ("token_env",)}
_ADDRESSES = ("base_url", "cometd_url", "public_base")
_KINDS: Mapping[str, str] = {
    "string": "a string",
    "integer": "an integer",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a mapping",
}


# Secrets ---------------------------------------------------------------------------------------------------------------


def of_secrets(value: Json, places: Places, path: tuple[str | int, ...] = ()) -> Iterator[Mistake]:
    """Secrets in the file, where the name of a variable belongs."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if (name := _instead_of(key)) and not isinstance(inner, dict):
                text = (
                    f"{key}: a secret does not belong in this file; name an environment variable with {name}"
                )
                yield Mistake(places.at(*path, key), "", text)
            yield from of_secrets(inner, places, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from of_secrets(inner, places, (*path, index))


def _instead_of(key: str) -> str:
    """The key that names a variable in place of this one, which holds a secret; empty if it holds none."""
    return next((instead for words, instead in _SECRETS.items() if words.match(key)), "")


# Shape -----------------------------------------------------------------------------------------------------------------


def of_shape(value: dict[str, Json], places: Places) -> Iterator[Mistake]:
    """What the schema refuses, with its description of the key."""
    for error in _validator().iter_errors(value):
        path = tuple(error.instance_path)
        rule, asked = error.kind.name, error.kind.value
        if rule == "additionalProperties":
            yield from _unknown_keys(texts_in(asked), path, places)
        elif rule == "required":
            inner = (*path, str(asked))
            yield Mistake(places.at(*path), "", f"{_dotted(inner)} is missing.{_about(inner)}")
        else:
            found = cast(Json, error.instance)
            text = _WORDS[rule](asked, found) if rule in _WORDS else "is not valid"
            stop = "" if text.endswith("?") else "."
            yield Mistake(places.at(*path), "", f"{_dotted(path)} {text}{stop}{_about(path)}")
    yield from _missing_logins(value, places)


def _missing_logins(value: dict[str, Json], places: Places) -> Iterator[Mistake]:
    """What an agent needs depends on auth.kind."""
    kind = text_of(object_at(value, "auth").get("kind")) or "basic"
    for name, agent in object_at(value, "agents").items():
        for key in _LOGINS.get(kind, ()):
            path = ("agents", name, key)
            if key not in as_object(agent):
                why = " auth.kind is bearer, so a token is needed." if kind == "bearer" else ""
                yield Mistake(
                    places.at("agents", name), "", f"{_dotted(path)} is missing.{why}{_about(path)}"
                )


def _unknown_keys(keys: Iterable[str], path: tuple[str | int, ...], places: Places) -> Iterator[Mistake]:
    known = _subschema(path).get("properties")
    beside = list(known) if isinstance(known, dict) else []
    for key in keys:
        if _instead_of(key):
            continue  # of_secrets reports it in better words.
        elsewhere = _keys(_schema())
        close = closest(key, elsewhere)
        meant = (
            f"; did you mean {elsewhere[close]}?" if close else f"; {_dotted(path)} has {', '.join(beside)}"
        )
        hint = _did_you_mean(key, beside) or meant
        text = f"{_dotted((*path, key))} is not a key of a target file{hint}"
        yield Mistake(places.at(*path, key), "", text)


#: The words for a broken rule of the schema, made from the rule's value and the value that breaks it.
_WORDS: Mapping[str, Callable[[Json, Json], str]] = {
    "const": lambda rule, _: f"must be {rule}",
    "enum": lambda rule, value: _one_of(texts_in(rule), value),
    "type": lambda rule, value: f"must be {_kinds(rule)}, but is {_kind_of(value)}",
    "pattern": lambda _, __: "does not have the right form",
    "propertyNames": lambda _, value: "has a name that is not made of lower-case letters and hyphens",
    "minLength": lambda _, __: "is empty",
    "minItems": lambda _, __: "is empty",
    "uniqueItems": lambda _, __: "contains a value twice",
    "minimum": lambda rule, value: f"must be at least {rule}, but is {value}",
    "maximum": lambda rule, value: f"must be at most {rule}, but is {value}",
    "exclusiveMinimum": lambda rule, value: f"must be more than {rule}, but is {value}",
}


def _one_of(words: Sequence[str], value: Json) -> str:
    return f"must be {' or '.join(words)}{_did_you_mean(str(value), words)}"


def _kinds(rule: Json) -> str:
    return " or ".join(
        _KINDS.get(str(name), str(name)) for name in (rule if isinstance(rule, list) else [rule])
    )


def _kind_of(value: Json) -> str:
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return "a number"
    return "a string" if isinstance(value, str) else "a list" if isinstance(value, list) else "a mapping"


def _about(path: Sequence[str | int]) -> str:
    """The schema's description of a key, which is the remedy."""
    said = _subschema(path).get("description")
    return f" {said}" if isinstance(said, str) and path else ""


def _subschema(path: Sequence[str | int]) -> Mapping[str, Json]:
    """The part of the schema for the value at this path."""
    found = _schema()
    for step in path:
        members = object_at(found, "properties")
        found = object_at(members, str(step)) if step in members else (
            object_at(found, "items") or object_at(found, "additionalProperties")
        )  # fmt: skip
        if "$ref" in found:
            found = object_at(object_at(_schema(), "$defs"), str(found["$ref"]).rpartition("/")[2])
    return found


@cache
def _schema() -> dict[str, Json]:
    schema: dict[str, Json] = json.loads(SCHEMA.read_text(encoding="utf-8"))
    return schema


@cache
def _validator() -> jsonschema_rs.Validator:
    return jsonschema_rs.validator_for(_schema())


def _keys(schema: Mapping[str, Json], path: tuple[str, ...] = ()) -> dict[str, str]:
    """Every key of the schema, with the first place where it belongs."""
    found: dict[str, str] = {}
    for name in object_at(schema, "properties"):
        inner = (*path, name)
        found.setdefault(name, ".".join(inner))
        found = {**_keys(_subschema(inner), inner), **found}
    return found


# Sense -----------------------------------------------------------------------------------------------------------------


def of_sense(value: dict[str, Json], places: Places, numbers: Collection[str] | None) -> Iterator[Mistake]:
    """What a schema cannot check: unusable addresses, numbers that must not be dialled, unknown names.

    `numbers` are the names that scenarios dial; None accepts any name.
    """
    yield from _addresses(value, places)
    yield from _certificates(value, places)
    yield from _headers(value, places)
    yield from _dialled(value, places)
    yield from _names_of_numbers(value, places, numbers)
    agents, safety = object_at(value, "agents"), object_at(value, "safety")
    known = (*agents, *object_at(value, "numbers"))
    for index, name in enumerate(texts_in(safety.get("dial_only"))):
        if name not in known:
            hint = _did_you_mean(name, known) or f"; there are {', '.join(known)}"
            text = f"safety.dial_only: this file names neither an agent nor a number {name}{hint}"
            yield Mistake(places.at("safety", "dial_only", index), "", text)


def _addresses(value: dict[str, Json], places: Places) -> Iterator[Mistake]:
    target = object_at(value, "target")
    for key in _ADDRESSES:
        if key in target and (wrong := _wrong_with_address(str(target[key]))):
            yield Mistake(places.at("target", key), "", f"target.{key} {wrong}")
    base_url = str(target["base_url"])
    confirmed = object_at(value, "safety").get("confirm_host")
    if confirmed is None or _wrong_with_address(base_url):
        return
    host = urlsplit(base_url).hostname
    if confirmed != host:
        text = (
            f"safety.confirm_host is {confirmed}, but the host of target.base_url is {host}; "
            "write the same host in both"
        )
        yield Mistake(places.at("safety", "confirm_host"), "", text)


def _wrong_with_address(address: str) -> str:
    """Why an address is unusable; empty if it can be used. Never repeats the address."""
    example = "write it like https://cti.example.test/api/v2"
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return f"has an invalid host or port; {example}"
    if "@" in parts.netloc:
        return (
            "contains a login, and a secret does not belong in this file; "
            "remove it and name environment variables with user_env and password_env"
        )
    if not host:
        return f"names no host; {example}"
    if not address.isprintable():
        return f"contains a character that is not allowed in an address; {example}"
    return f"ends in a query or a fragment; {example}" if parts.query or parts.fragment else ""


def _certificates(value: dict[str, Json], places: Places) -> Iterator[Mistake]:
    tls = object_at(object_at(value, "target"), "tls")
    for key in ("client_key_file", "client_key_password_env"):
        if key in tls and "client_cert_file" not in tls:
            text = (
                f"target.tls.{key} needs target.tls.client_cert_file, the certificate that the key belongs to"
            )
            yield Mistake(places.at("target", "tls", key), "", text)


def _headers(value: dict[str, Json], places: Places) -> Iterator[Mistake]:
    seen: set[str] = set()
    for index, header in enumerate(objects_in(object_at(value, "target").get("headers"))):
        name, place = str(header["name"]), places.at("target", "headers", index)
        instead = instead_of_header(name) or ("name it once" if name.lower() in seen else "")
        if instead:
            yield Mistake(place, "", f"target.headers: {name} cannot be added; {instead}")
        seen.add(name.lower())


def _dialled(value: dict[str, Json], places: Places) -> Iterator[Mistake]:
    agents, safety = object_at(value, "agents"), object_at(value, "safety")
    emergency = tuple(texts_in(safety.get("emergency_prefixes"))) or EMERGENCY_PREFIXES
    dialled: list[tuple[tuple[str, ...], str]] = [
        (("agents", name, "number"), str(object_at(agents, name)["number"])) for name in agents
    ]
    dialled += [(("numbers", name), str(number)) for name, number in object_at(value, "numbers").items()]
    seen: dict[str, str] = {}
    for path, number in dialled:
        if len(number) <= _SHORT_CODE or (path[0] == "numbers" and number.startswith(emergency)):
            text = (
                f"{_dotted(path)}: {number} may be a short code or an emergency number and is never dialled; "
                "name another number"
            )
            yield Mistake(places.at(*path), "", text)
        if number in seen:
            text = f"{_dotted(path)}: {number} is also the number of {seen[number]}; each needs a number of their own"
            yield Mistake(places.at(*path), "", text)
        seen[number] = path[1]


def _names_of_numbers(
    value: dict[str, Json], places: Places, known: Collection[str] | None
) -> Iterator[Mistake]:
    for name in object_at(value, "numbers"):
        if known is not None and name not in known:
            hint = _did_you_mean(name, known) or f"; the known names are {', '.join(sorted(known))}"
            text = f"numbers.{name}: no scenario dials a number of this name{hint}"
            yield Mistake(places.at("numbers", name), "", text)


def of_environment(
    value: dict[str, Json], places: Places, environment: Mapping[str, str]
) -> Iterator[Mistake]:
    """Variables that are not set or hold what cannot be used, and a login that two agents share. No value is repeated."""
    for path, variable in _variables(value):
        found = environment.get(variable)
        check = _VALUES.get(str(path[-1]))
        if not found:
            text = f"{_dotted(path)}: the environment variable {variable} is not set; export it first"
            yield Mistake(places.at(*path), "", text)
        elif check and (wrong := check(found)):
            yield Mistake(places.at(*path), "", f"{_dotted(path)}: the value of {variable} {wrong}")
    yield from _shared_logins(value, places, environment)


def _variables(value: dict[str, Json]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Each place where a variable is named and needed, with its name."""
    target = object_at(value, "target")
    if "proxy_url_env" in target:
        yield ("target", "proxy_url_env"), str(target["proxy_url_env"])
    if "client_key_password_env" in (tls := object_at(target, "tls")):
        yield ("target", "tls", "client_key_password_env"), str(tls["client_key_password_env"])
    for index, header in enumerate(objects_in(target.get("headers"))):
        yield ("target", "headers", index, "value_env"), str(header["value_env"])
    for name, agent in object_at(value, "agents").items():
        for key in _logins(value):
            yield ("agents", name, key), str(as_object(agent).get(key))


def _logins(value: dict[str, Json]) -> Sequence[str]:
    return _LOGINS[text_of(object_at(value, "auth").get("kind")) or "basic"]


def _shared_logins(
    value: dict[str, Json], places: Places, environment: Mapping[str, str]
) -> Iterator[Mistake]:
    key, logins = _logins(value)[0], dict[str, str]()
    for name, agent in object_at(value, "agents").items():
        variable = as_object(agent).get(key)
        login = environment.get(str(variable), "")
        if login and login in logins:
            text = (
                f"agents.{name}.{key}: {variable} also holds the login of {logins[login]}; "
                "each agent needs a login of their own"
            )
            yield Mistake(places.at("agents", name, key), "", text)
        logins.setdefault(login, name)


def wrong_with_proxy(address: str) -> str:
    """Why the address of a proxy is unusable, as a clause with a remedy; empty if it can be used. Never repeats the address."""
    example = "write it like http://proxy.example.test:3128"
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return f"has an invalid host or port; {example}"
    if parts.scheme not in ("http", "https"):
        return f"is not the address of an HTTP proxy; {example}"
    if not host or not address.isascii() or not address.isprintable() or " " in address:
        return f"names no host, or contains a character that is not allowed in an address; {example}"
    if parts.path not in ("", "/") or parts.query or parts.fragment:
        return f"has something after the host and the port; {example}"
    return "has a login name without a password" if parts.username and parts.password is None else ""


def instead_of_header(name: str) -> str:
    """What to do instead of adding a header of this name, as a clause; empty if it can be added."""
    return _NOT_ADDED.get(name.lower(), "")


def wrong_with_header(value: str) -> str:
    """Why this cannot be the value of a header, as a clause with a remedy; empty if it can. Never repeats it."""
    is_usable = value.isascii() and value.isprintable() and value == value.strip()
    return "" if is_usable else "cannot be sent in a header; it must consist of printable ASCII characters"


#: What is wrong with the value of a variable, by the key that names the variable.
_VALUES: Mapping[str, Callable[[str], str]] = {
    "proxy_url_env": wrong_with_proxy,
    "value_env": wrong_with_header,
    "token_env": wrong_with_header,
}


# Small things ----------------------------------------------------------------------------------------------------------


def _dotted(path: Sequence[str | int]) -> str:
    return ".".join(str(part) for part in path) or "the file"


def _did_you_mean(word: str, known: Iterable[str]) -> str:
    close = closest(word, known)
    return f"; did you mean {close}?" if close else ""


def object_at(value: Mapping[str, Json], name: str) -> dict[str, Json]:
    """The member of this name if it is an object, else an empty one."""
    return as_object(value.get(name))
