"""The generators of TypeScript, and the witness that `tsc --strict` reads beside their code.

Each line of the witness states one promise, so that the number of a line in an error of `tsc` says what is lost.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tools.generators.outcome import Lost, Outcome
from tools.generators.promises import Endpoint, Member, Promises, Schema

ROOT = Path(__file__).parents[2]
MODULES = ROOT / "node_modules"
_MODELINA = Path(__file__).with_name("modelina.mjs")
_PATIENCE_S = 300
_ERROR = re.compile(r"^(?P<file>[^(]+)\((?P<line>[0-9]+),[0-9]+\): error (?P<text>.*)$", re.MULTILINE)
#: A type is kept if it is neither `never` nor `any`. Optional says whether an object may lack a member.
_PRELUDE = (
    "type Kept<T> = [T] extends [never] ? false : 0 extends 1 & T ? false : true;",
    "type Optional<O, K extends keyof O> = {} extends Pick<O, K> ? true : false;",
)


@dataclass(frozen=True)
class Generator:
    """A generator, and the TypeScript for the types in its code. ``names_all`` is false if it writes a string or array where it is used."""

    package: str
    document: str
    command: Callable[[Path, Path], list[str]]
    imports: tuple[str, ...]
    schema: str
    body: str = ""
    endpoint: str = ""
    names_all: bool = True


def _binary(name: str) -> str:
    return str(MODULES / ".bin" / name)


GENERATORS = (
    Generator(
        package="openapi-typescript",
        document="openapi.json",
        command=lambda document, folder: [_binary("openapi-typescript"), str(document), "-o", str(folder / "made.ts")],
        imports=('import type { components, operations } from "./made";',),
        schema='components["schemas"]["{name}"]',
        body='operations["{id}"]["requestBody"]["content"]["application/json"]',
        endpoint='operations["{id}"]["responses"][200]["content"]["application/json"]',
    ),
    Generator(
        package="@hey-api/openapi-ts",
        document="openapi.json",
        command=lambda document, folder: [
            _binary("openapi-ts"), "-i", str(document), "-o", str(folder / "made"), "--no-log-file",
        ],
        imports=('import type * as types from "./made/types.gen";', 'import * as sdk from "./made/sdk.gen";'),
        schema="types.{name}",
        body='types.{Id}Data["body"]',
        endpoint="[typeof sdk.{id}, types.{Id}Responses[200]][number]",
    ),
    Generator(
        package="@asyncapi/modelina",
        document="asyncapi.json",
        command=lambda document, folder: ["node", str(_MODELINA), str(document), str(folder / "made")],
        imports=('import type * as types from "./made/index";',),
        schema="types.{name}",
        names_all=False,
    ),
)  # fmt: skip


def made_and_witnessed(generator: Generator, promises: Promises, bundles: Path, folder: Path) -> Outcome:
    """Generate code from the bundle in the folder, and compile it with the witness."""
    run = subprocess.run(
        generator.command(bundles / generator.document, folder),
        cwd=folder, capture_output=True, text=True, check=False, timeout=_PATIENCE_S,
    )  # fmt: skip
    lost: list[Lost] = []
    faults: list[str] = []
    if run.returncode:
        faults = [f"it fails: {line}" for line in (run.stderr or run.stdout).strip().splitlines()[-5:]]
    else:
        lost, faults = _witnessed(generator, promises, folder)
    name = f"{generator.package} {_version(generator.package)}"
    return Outcome(name, generator.document, promises, tuple(lost), tuple(faults))


def _version(package: str) -> str:
    return str(json.loads((MODULES / package / "package.json").read_text(encoding="utf-8"))["version"])


def _witnessed(generator: Generator, promises: Promises, folder: Path) -> tuple[list[Lost], list[str]]:
    statements = list(_statements(generator, promises))
    head = [*generator.imports, *_PRELUDE]
    lines = [*head, *(f"export const w{n}: {text};" for n, (_, text) in enumerate(statements))]
    (folder / "witness.ts").write_text("\n".join(lines) + "\n", encoding="utf-8")
    run = subprocess.run(
        [_binary("tsc"), "--noEmit", "--strict", "--target", "es2022", "--module", "esnext",
         "--moduleResolution", "bundler", "--lib", "es2022,dom,dom.iterable", "witness.ts"],
        cwd=folder, capture_output=True, text=True, check=False, timeout=_PATIENCE_S,
    )  # fmt: skip
    lost: dict[Lost, None] = {}
    faults = []
    for error in _ERROR.finditer(run.stdout):
        number = int(error["line"]) - len(head) - 1
        if error["file"] == "witness.ts" and number >= 0:
            lost[statements[number][0]] = None
        else:
            faults.append(f"tsc: {error[0]}")
    if run.returncode and not lost and not faults:
        faults = [f"tsc: {run.stdout.strip() or run.stderr.strip()}"]
    return list(lost), faults


def _statements(generator: Generator, promises: Promises) -> Iterator[tuple[Lost, str]]:
    """What each line of the witness states, as a type with its value, and what is lost if it does not compile."""
    for schema in promises.schemas:
        if generator.names_all or schema.is_class:
            yield from _about_schema(schema, generator.schema.format(name=schema.name))
    for endpoint in promises.endpoints:
        yield from _about_endpoint(endpoint, generator)


def _about_schema(schema: Schema, written: str) -> Iterator[tuple[Lost, str]]:
    yield Lost("schema", schema.name), f"Kept<{written}> = true"
    if schema.is_map:
        yield Lost("schema", schema.name, "takes no members"), f'{written} = {{ anything: "x" }}'
    for word in schema.words:
        yield Lost("schema", schema.name, f"lacks the word {word}"), f"{written} = {json.dumps(word)}"
    for member in schema.members:
        yield from _about_member(schema, member, written)


def _about_member(schema: Schema, member: Member, written: str) -> Iterator[tuple[Lost, str]]:
    *around, name = member.path
    holder = written + "".join(f"[{json.dumps(step)}]" for step in around)
    holder = f"NonNullable<{holder}>" if around else holder
    word = "required" if member.required else "optional"
    lost = Lost("schema", schema.name, f"lacks {'.'.join(member.path)}, or it is not {word}")
    optional = "false" if member.required else "true"
    key = json.dumps(name)
    kept = "unknown" if member.is_open else f"Kept<{holder}[{key}]>"
    yield lost, f"[{kept}, Optional<{holder}, {key}>] = [true, {optional}]"


def _about_endpoint(endpoint: Endpoint, generator: Generator) -> Iterator[tuple[Lost, str]]:
    names = {"id": endpoint.operation_id, "Id": endpoint.operation_id[:1].upper() + endpoint.operation_id[1:]}
    yield Lost("endpoint", endpoint.operation_id), f"Kept<{generator.endpoint.format(**names)}> = true"
    body = generator.body.format(**names)
    for operation in endpoint.operations:
        lost = Lost("operation", operation, f"not at {endpoint.operation_id}")
        yield lost, f"Kept<Extract<{body}, {{ operationName: {json.dumps(operation)} }}>> = true"
