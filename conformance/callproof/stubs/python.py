"""Python stubs: TypedDicts for what travels, one Protocol for each resource that operations are posted to."""

from __future__ import annotations

import json
import keyword
import re
import textwrap
from collections.abc import Iterator
from itertools import pairwise

from callproof.stubs.contract_shapes import Contract, OperationSet
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
    names_in,
)

_SCALARS = {"string": "str", "integer": "int", "number": "float", "boolean": "bool"}
_WIDTH = 110
_TYPING = ("Literal", "Never", "NotRequired", "Protocol", "TypeAlias", "TypedDict", "cast")
_ABSTRACT = ("Awaitable", "Callable", "Mapping")


def python_files(contract: Contract) -> dict[str, str]:
    """One package: resources, bodies, notifications and operations, each imported by name only."""
    rooms = dict.fromkeys(contract.resources, "resources") | dict.fromkeys(contract.bodies, "bodies")
    rooms |= {name: "notifications" for name in contract.declarations if name not in rooms}
    return {
        "__init__.py": _package(contract),
        "bodies.py": _module(contract, "bodies", rooms, "The request bodies, one for each operationName."),
        "notifications.py": _module(
            contract, "notifications", rooms, "What the server sends on its own, as Bayeux messages."
        ),
        "operations.py": _operations_module(contract, rooms),
        "resources.py": _module(
            contract, "resources", rooms, "What requests, answers and notifications are made of."
        ),
    }


def _head(contract: Contract, text: str) -> str:
    footing = f"Generated from version {contract.version} of the contract by callproof stubs; do not edit."
    return f'"""{text}\n\n{footing}\n"""\n'


def _package(contract: Contract) -> str:
    names = ["bodies", "notifications", "operations", "resources"]
    imports = f"from . import {', '.join(names)}\n"
    exported = ", ".join(f'"{name}"' for name in names)
    return f"{_head(contract, 'Types and handler signatures of the contract.')}\n{imports}\n__all__ = [{exported}]\n"


def _module(contract: Contract, room: str, rooms: dict[str, str], text: str) -> str:
    declared = [d for d in in_order(contract.declarations) if rooms[d.name] == room]
    known: set[str] = set()
    blocks = []
    for declaration in declared:
        blocks.append(_declaration(declaration, known | {n for n in rooms if rooms[n] != room}))
        known.add(declaration.name)
    if room == "notifications":
        sent = (
            ("Notification", contract.notifications, "Whatever the server sends on its own."),
            ("NotificationData", contract.news, "The data of whatever the server sends."),
        )
        blocks += [_alias(name, " | ".join(options) or "Never", text) for name, options, text in sent]
    needed = {name for d in declared for name in names_in(d.shape) if rooms[name] != room}
    imports = [
        _import(f".{other}", sorted(name for name in needed if rooms[name] == other))
        for other in ("bodies", "resources")
    ]
    return _joined(_head(contract, text), imports, blocks)


def _joined(head: str, imports: list[str], blocks: list[str]) -> str:
    """The module's text, with the imports that its text needs."""
    if not blocks:
        return head
    body = blocks[0] + "".join(
        ("\n\n\n" if _stands_alone(before) or _stands_alone(block) else "\n\n") + block
        for before, block in pairwise(blocks)
    )
    standard = [
        _import("collections.abc", [name for name in _ABSTRACT if re.search(rf"\b{name}\b", body)]),
        _import("typing", [name for name in _TYPING if re.search(rf"\b{name}\b", body)]),
    ]
    groups = ["\n".join(filter(None, group)) for group in (standard, imports)]
    lines = "\n\n".join(filter(None, groups))
    return f"{head}\n{lines}\n{chr(10) * (2 if _stands_alone(blocks[0]) else 1)}{body}\n"


def _stands_alone(block: str) -> bool:
    """Whether the block is a class or a function, which has two blank lines around it."""
    return block.startswith(("class ", "def ", "async def "))


def _import(module: str, names: list[str]) -> str:
    if not names:
        return ""
    line = f"from {module} import {', '.join(names)}"
    if len(line) <= _WIDTH:
        return line
    return f"from {module} import (\n" + "".join(f"    {name},\n" for name in names) + ")"


def _declaration(declaration: Declaration, known: set[str]) -> str:
    if not isinstance(declaration.shape, Record):
        words = declaration.shape.values if isinstance(declaration.shape, Words) else ()
        return _alias(declaration.name, _type(declaration.shape, known), _text_of(declaration), words)
    members = [member for member in declaration.shape.members if not isinstance(member.shape, Nothing)]
    if all(member.name.isidentifier() and not keyword.iskeyword(member.name) for member in members):
        return "\n".join(_typed_dict(declaration, members, known))
    return _functional_typed_dict(declaration, members, known)


def _typed_dict(declaration: Declaration, members: list[Member], known: set[str]) -> Iterator[str]:
    yield f"class {declaration.name}(TypedDict):"
    if text := _text_of(declaration):
        yield from _docstring(text, 4)
        yield from [""] if members else []
    elif not members:
        yield "    pass"
    for member in members:
        yield from _comment(member.text, 4)
        yield f"    {member.name}: {_member_type(member, known)}"


def _functional_typed_dict(declaration: Declaration, members: list[Member], known: set[str]) -> str:
    """The form for names that Python cannot write as attributes."""
    lines = "".join(f'        "{member.name}": {_member_type(member, known)},\n' for member in members)
    comment = "".join(f"{line}\n" for line in _comment(_text_of(declaration), 0))
    return f'{comment}{declaration.name} = TypedDict(\n    "{declaration.name}",\n    {{\n{lines}    }},\n)'


def _member_type(member: Member, known: set[str]) -> str:
    inner = _type(member.shape, known)
    return inner if member.required else f"NotRequired[{inner}]"


def _type(shape: Shape, known: set[str]) -> str:
    """The annotation; a name that is not declared yet, as in a circle, is put in quotes."""
    if set(names_in(shape)) <= known:
        return _annotation(shape)
    return f'"{_annotation(shape).replace(chr(34), chr(39))}"'


def _annotation(shape: Shape) -> str:
    match shape:
        case Scalar(name):
            return _SCALARS[name]
        case Words(values):
            return f"Literal[{', '.join(_literal(value) for value in values)}]"
        case OpenWords():
            return "str"
        case Named(name):
            return name
        case ListOf(item):
            return f"list[{_annotation(item)}]"
        case MapOf(value):
            return f"Mapping[str, {_annotation(value)}]"
        case Union(options):
            return " | ".join(_annotation(option) for option in options)
        case Nothing():
            return "Never"
        case _:
            return "object"


def _literal(value: str | int | float | bool) -> str:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)


def _alias(name: str, annotation: str, text: str, words: tuple[str | int | float | bool, ...] = ()) -> str:
    comment = "".join(f"{line}\n" for line in _comment(text, 0))
    line = f"{name}: TypeAlias = {annotation}"
    if len(line) > _WIDTH and words:
        line = (
            f"{name}: TypeAlias = Literal[\n" + "".join(f"    {_literal(value)},\n" for value in words) + "]"
        )
    elif len(line) > _WIDTH:
        inner = f"    {annotation}"
        inner = inner if len(inner) <= _WIDTH else "    " + "\n    | ".join(annotation.split(" | "))
        line = f"{name}: TypeAlias = (\n{inner}\n)"
    return comment + line


def _text_of(declaration: Declaration) -> str:
    """The schema's description, with the documented words of an open list."""
    if isinstance(declaration.shape, OpenWords):
        return f"{declaration.text} Documented: {', '.join(declaration.shape.values)}.".strip()
    return declaration.text


def _comment(text: str, indent: int) -> list[str]:
    margin = " " * indent + "# "
    return _wrapped(text, _WIDTH, margin)


def _wrapped(text: str, width: int, margin: str) -> list[str]:
    return textwrap.wrap(text, width, initial_indent=margin, subsequent_indent=margin, break_long_words=False)


def _docstring(text: str, indent: int) -> list[str]:
    margin = " " * indent
    safe = text.replace("\\", "\\\\").replace('"""', "'''")
    safe = safe + " " if safe.endswith('"') else safe
    if len(safe) + indent + 3 <= _WIDTH and "\n" not in safe:  # formatters keep closing quotes on their line
        return [f'{margin}"""{safe}"""']
    lines: list[str] = []
    for paragraph in safe.split("\n\n"):
        lines += [""] if lines else []
        lines += _wrapped(paragraph, _WIDTH - 3, margin)
    return [f'{margin}"""{lines[0].lstrip()}', *lines[1:], f'{margin}"""']


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def _qualified(shape: Shape, rooms: dict[str, str]) -> str:
    text = _annotation(shape)
    for name in sorted(set(names_in(shape)), key=len, reverse=True):
        text = re.sub(rf"(?<![\w.]){name}\b", f"{rooms[name]}.{name}", text)
    return text


def _operations_module(contract: Contract, rooms: dict[str, str]) -> str:
    text = (
        "What a server fills in: a Protocol for each resource, with one method for each operationName.\n\n"
        "Make one object for each authenticated agent, and hand the validated body to the function beside the Protocol."
    )
    blocks = [block for group in contract.sets for block in _operation_set(group, rooms)]
    return _joined(_head(contract, text), ["from . import bodies, resources"], blocks)


def _operation_set(group: OperationSet, rooms: dict[str, str]) -> Iterator[str]:
    """The answer, the Protocol, the type of its dispatch table, the table of one object, and the dispatch itself."""
    protocol, table, snake = f"{group.union}s", f"{group.union}Table", _snake(group.union)
    answer = f"{group.union}Answer"
    types = "".join(f"{_qualified(shape, rooms)}, " for _, shape in group.parameters)
    text = f"Answer to POST {group.path} when the operation was taken."
    yield _alias(answer, _qualified(group.answer, rooms), text)
    yield "\n".join(_protocol(group, protocol, answer, rooms))
    rows = "".join(
        _row(o.name, f"[{types}bodies.{o.name}]", f"Awaitable[{answer}]") for o in group.operations
    )
    yield f'class {table}(TypedDict):\n    """operationName -> the method that answers it."""\n\n{rows}'.rstrip()
    entries = "".join(f'        "{o.name}": operations.{o.name},\n' for o in group.operations)
    yield (
        f"def {snake}_table(operations: {protocol}) -> {table}:\n"
        f'    """The methods of one object by operationName."""\n    return {{\n{entries}    }}'
    )
    arguments = [f"operations: {protocol}", *_arguments(group, rooms, group.union)]
    signature = _signature(f"perform_{snake}", arguments, answer, 0)
    docstring = '    """Call the method that the body names. The body must have been validated: its tag is looked up."""'
    yield "\n".join([signature, docstring, *_dispatch(group, types, answer, snake)])


def _row(name: str, arguments: str, answer: str) -> str:
    line = f"    {name}: Callable[{arguments}, {answer}]\n"
    return (
        line if len(line) <= _WIDTH + 1 else f"    {name}: Callable[\n        {arguments}, {answer}\n    ]\n"
    )


def _dispatch(group: OperationSet, types: str, answer: str, snake: str) -> list[str]:
    arguments = ", ".join([*(name for name, _ in group.parameters), "body"])
    if len(group.operations) == 1:
        return [f'    return await {snake}_table(operations)[body["operationName"]]({arguments})']
    return [
        "    # The row under a body's own tag takes that body; a type checker cannot follow the two together.",
        "    perform = cast(",
        f"        Callable[[{types}bodies.{group.union}], Awaitable[{answer}]],",
        f'        {snake}_table(operations)[body["operationName"]],',
        "    )",
        f"    return await perform({arguments})",
    ]


def _protocol(group: OperationSet, protocol: str, answer: str, rooms: dict[str, str]) -> Iterator[str]:
    yield f"class {protocol}(Protocol):"
    yield f'    """The operations of POST {group.path}."""'
    for operation in group.operations:
        yield ""
        yield _signature(operation.name, ["self", *_arguments(group, rooms, operation.name)], answer, 4)
        footing = f"Source: {operation.source} ({operation.basis})." if operation.source else ""
        yield from _docstring("\n\n".join(filter(None, [operation.text or operation.name, footing])), 8)
        yield "        ..."


def _arguments(group: OperationSet, rooms: dict[str, str], body: str) -> list[str]:
    return [
        *(f"{name}: {_qualified(shape, rooms)}" for name, shape in group.parameters),
        f"body: bodies.{body}",
    ]


def _signature(name: str, arguments: list[str], answer: str, indent: int) -> str:
    margin = " " * indent
    line = f"{margin}async def {name}({', '.join(arguments)}) -> {answer}:"
    if len(line) <= _WIDTH:
        return line
    return f"{margin}async def {name}(\n{margin}    {', '.join(arguments)}\n{margin}) -> {answer}:"
