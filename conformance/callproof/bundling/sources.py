"""Reads the contract's files and records the line of each value."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from callproof import limits
from callproof.bundling.findings import ContractMissing, Finding
from callproof.bundling.values import Json, Tokens, is_of_type, pointer

OPENAPI_ROOT = "openapi/openapi.yaml"
ASYNCAPI_ROOT = "asyncapi/asyncapi.yaml"
CALL_MODEL = "openapi/call-model.yaml"
CALL_MODEL_SCHEMA = "openapi/call-model.schema.json"

_TAG = "tag:yaml.org,2002:"
_JSON_TYPE = {"str": "string", "int": "integer", "float": "number", "bool": "boolean"}


@dataclass(frozen=True)
class Source:
    """A file of the contract. ``lines`` maps JSON pointers to line numbers, counted from 1."""

    path: str
    value: Json
    lines: Mapping[str, int] = field(default_factory=dict)

    def line(self, tokens: Tokens = ()) -> int:
        """The line of the value at the pointer, or of the nearest value around it."""
        for length in range(len(tokens), -1, -1):
            if (line := self.lines.get(pointer(tokens[:length]))) is not None:
                return line
        return 1

    def finding(self, tokens: Tokens, rule: str, problem: str, remedy: str) -> Finding:
        """A finding about the value at the pointer."""
        return Finding(self.path, self.line(tokens), rule, problem, remedy)

    @property
    def stem(self) -> str:
        return self.path.rpartition("/")[2].rpartition(".")[0]

    @property
    def folder(self) -> str:
        """The name of the folder that holds the file: schemas, operations, messages ..."""
        return self.path.rpartition("/")[0].rpartition("/")[2]


@dataclass(frozen=True)
class Contract:
    """Every readable file of the contract, by its path from the checkout's root, and the faults of the other files."""

    files: Mapping[str, Source]
    findings: tuple[Finding, ...] = ()

    def schemas(self) -> list[Source]:
        """The files that hold one JSON Schema each: nouns, notifications and request bodies."""
        return [
            source
            for path, source in self.files.items()
            if source.folder in {"schemas", "operations"} and "/examples/" not in path
        ]

    def operations(self) -> list[Source]:
        return [source for source in self.schemas() if source.folder == "operations"]

    def schema_named(self, name: str) -> Source | None:
        return next((source for source in self.schemas() if source.stem == name), None)


def read_contract(root: Path) -> Contract:
    """Read openapi/ and asyncapi/ under root, within their bounds; what is left out becomes a finding.

    Raises ContractMissing when one of the two root documents is missing.
    """
    for needed in (OPENAPI_ROOT, ASYNCAPI_ROOT):
        if not (root / needed).is_file():
            raise ContractMissing(needed)
    files: dict[str, Source] = {}
    findings: list[Finding] = []
    for half in ("openapi", "asyncapi"):
        for path in sorted((root / half).rglob("*")):
            if path.is_file() and path.suffix in {".yaml", ".json"}:
                name = path.relative_to(root).as_posix()
                if len(files) + len(findings) >= limits.SOURCE_FILES.default:
                    return Contract(
                        files, (*findings, _excess(name, f"more than {limits.SOURCE_FILES.default} files"))
                    )
                source = _read(path, name, findings)
                if source is not None:
                    files[name] = source
    return Contract(files, tuple(findings))


def _excess(name: str, problem: str) -> Finding:
    return Finding(name, 1, "bounds", problem, "divide it, or take out what is not part of the contract")


def _read(path: Path, name: str, findings: list[Finding]) -> Source | None:
    try:
        with path.open("rb") as stream:
            data = stream.read(limits.SOURCE_BYTES.default + 1)
        if len(data) > limits.SOURCE_BYTES.default:
            findings.append(_excess(name, f"larger than {limits.SOURCE_BYTES.default} bytes"))
            return None
        text = data.decode("utf-8").replace("\r\n", "\n")
        if path.suffix == ".json":
            return _read_json(text, name, findings)
        return _read_yaml(text, name, findings)
    except UnicodeDecodeError as error:
        problem = f"not UTF-8 at byte {error.start}"
        findings.append(Finding(name, 1, "unreadable", problem, "save the file as UTF-8"))
    except json.JSONDecodeError as error:
        findings.append(Finding(name, error.lineno, "unreadable", f"not JSON: {error.msg}", "fix the text"))
    except ValueError as error:  # a number that Python will not make, such as one of five thousand digits
        problem = f"a number in it cannot be read ({error})"
        findings.append(Finding(name, 1, "unreadable", problem, "write a shorter number, or a string"))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        findings.append(Finding(name, line, "unreadable", f"not YAML: {error.problem}", "fix the text"))
    except yaml.YAMLError as error:  # a character that YAML does not allow
        problem = f"not YAML: {str(error).partition(chr(10))[0]}"
        findings.append(Finding(name, 1, "unreadable", problem, "fix the text"))
    except RecursionError:
        findings.append(_excess(name, f"nested deeper than {limits.SOURCE_DEEPEST.default} levels"))
    except OSError as error:
        findings.append(
            Finding(name, 1, "unreadable", f"cannot be read ({error.strerror})", "make it readable")
        )
    return None


def _read_json(text: str, name: str, findings: list[Finding]) -> Source:
    value: Json = json.loads(text)
    try:
        lines = _read_yaml(text, name, findings).lines
    except yaml.YAMLError:  # JSON that is not YAML, such as tabs before a name, has no line numbers
        lines = {}
    return Source(name, value, lines)


def _read_yaml(text: str, name: str, findings: list[Finding]) -> Source:
    loader = yaml.SafeLoader(text)
    try:
        node = loader.get_single_node()
        reader = _Reader(loader, name, findings)
        value = reader.value(node, ()) if node is not None else None
        return Source(name, value, reader.lines)
    finally:
        loader.dispose()


class _Reader:
    """Turns YAML nodes into JSON values; anything that JSON cannot express becomes a finding."""

    def __init__(self, loader: yaml.SafeLoader, path: str, findings: list[Finding]) -> None:
        self.lines: dict[str, int] = {}
        self._loader = loader
        self._path = path
        self._findings = findings
        self._seen: set[int] = set()

    def value(self, node: yaml.Node, tokens: Tokens) -> Json:
        if len(tokens) > limits.SOURCE_DEEPEST.default:
            raise RecursionError
        self.lines.setdefault(pointer(tokens), node.start_mark.line + 1)
        if id(node) in self._seen:
            remedy = "repeat the value, or give it a file of its own and a $ref"
            self._add(node, f"{pointer(tokens)} is an alias of another value", remedy)
            return None
        self._seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            return self._object(node, tokens)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, (*tokens, str(number))) for number, item in enumerate(node.value)]
        return self._scalar(node)

    def _object(self, node: yaml.MappingNode, tokens: Tokens) -> Json:
        members: dict[str, Json] = {}
        for key, member in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self._add(key, "a name that is a list or an object", "write the name as a string")
                continue
            name = key.value
            if key.tag != _TAG + "str":
                self._add(key, f"YAML does not read the name {name} as a string", "put it in quotes")
            if name in members:
                self._add(key, f"the name {name} appears twice in one object", "remove one of the two")
            inner = (*tokens, name)
            self.lines[pointer(inner)] = key.start_mark.line + 1
            members[name] = self.value(member, inner)
        return members

    def _scalar(self, node: yaml.Node) -> Json:
        kind = node.tag.removeprefix(_TAG)
        if kind == "null":
            return None
        if kind not in _JSON_TYPE:
            problem = f"YAML reads {node.value} as a {kind}, which JSON does not have"
            self._add(node, problem, "put it in quotes")
            return str(node.value)
        scalar = self._loader.construct_object(node)
        if kind == "bool" and node.value.lower() not in {"true", "false"}:
            remedy = "put it in quotes, or write true or false"
            self._add(node, f"YAML reads {node.value} as a boolean", remedy)
        return scalar if is_of_type(scalar, _JSON_TYPE[kind]) else str(node.value)

    def _add(self, node: yaml.Node, problem: str, remedy: str) -> None:
        self._findings.append(Finding(self._path, node.start_mark.line + 1, "not-json", problem, remedy))
