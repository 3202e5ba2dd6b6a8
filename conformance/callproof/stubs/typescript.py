"""TypeScript stubs: one declaration file for agent desktops."""

from __future__ import annotations

import json
import re
import textwrap

from callproof.stubs.contract_shapes import Contract
from callproof.stubs.schemas import in_order
from callproof.stubs.shapes import (
    Declaration,
    ListOf,
    MapOf,
    Member,
    Named,
    Nothing,
    OpenWords,
    Record,
    Scalar,
    Shape,
    Union,
    Words,
)

_SCALARS = {"string": "string", "integer": "number", "number": "number", "boolean": "boolean"}
_WIDTH = 108
_NAME = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*")


def typescript_files(contract: Contract) -> dict[str, str]:
    """``gws.d.ts``, with everything exported."""
    blocks = [
        f"// Generated from version {contract.version} of the contract by callproof stubs; do not edit.",
        *(_declaration(declaration) for declaration in in_order(contract.declarations)),
        _alias("Notification", _union(list(contract.notifications)), "Whatever the server sends on its own."),
        _alias(
            "NotificationData",
            _union(list(contract.news)),
            "The data of whatever the server sends: messageType tells its kind, notificationType the news about a call.",
        ),
    ]
    return {"gws.d.ts": "\n\n".join(blocks) + "\n"}


def _declaration(declaration: Declaration) -> str:
    if isinstance(declaration.shape, Record):
        body = "".join(_member(member) for member in declaration.shape.members)
        return f"{_comment(declaration.text, 0)}export interface {declaration.name} {{\n{body}}}"
    return _alias(declaration.name, _type(declaration.shape), declaration.text)


def _alias(name: str, definition: str, text: str) -> str:
    space = "" if definition.startswith("\n") else " "
    return f"{_comment(text, 0)}export type {name} ={space}{definition};"


def _member(member: Member) -> str:
    name = member.name if _NAME.fullmatch(member.name) else json.dumps(member.name)
    optional = "" if member.required else "?"
    return f"{_comment(member.text, 2)}  {name}{optional}: {_type(member.shape)};\n"


def _type(shape: Shape) -> str:
    match shape:
        case Scalar(name):
            return _SCALARS[name]
        case Words(values):
            return _union([json.dumps(value) for value in values])
        case OpenWords(values):
            return _union([*(json.dumps(value) for value in values), "(string & {})"])
        case Named(name):
            return name
        case ListOf(item):
            return f"Array<{_type(item)}>"
        case MapOf(value):
            return f"{{ [name: string]: {_type(value)} }}"
        case Union(options):
            return _union([_type(option) for option in options])
        case Nothing():
            return "never"
        case _:
            return "unknown"


def _union(options: list[str]) -> str:
    line = " | ".join(options) or "never"
    return line if len(line) < _WIDTH - 40 else "".join(f"\n  | {option}" for option in options)


def _comment(text: str, indent: int) -> str:
    if not text:
        return ""
    margin = " " * indent
    safe = text.replace("*/", "* /")
    if len(safe) + indent + 7 <= _WIDTH:
        return f"{margin}/** {safe} */\n"
    lines = textwrap.wrap(safe, _WIDTH, initial_indent=margin + " * ", subsequent_indent=margin + " * ")
    return "\n".join([f"{margin}/**", *lines, f"{margin} */"]) + "\n"
