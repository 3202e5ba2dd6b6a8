"""The files of a recording: an example in each, an index in each half, and the values of the parameters."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from callproof.bundling.parameter_examples import PARAMETERS
from tools.contract.vocabulary import RECORDED

from .desk import NotAsPlanned
from .recording import Candidate, Recording

_FOLDERS = ("openapi/examples/recorded", "asyncapi/examples/recorded")
_HEAD = (
    "# `make examples` recorded what is in this folder from refswitch, the reference server. It is no evidence of GWS.\n"
    "# To change it, change tools/examples/flows.py.\n"
)


def texts(recording: Recording) -> dict[str, str]:
    """The files by path from the checkout's root. Raises NotAsPlanned if two examples have the same name."""
    made: dict[str, str] = {}
    entries: dict[str, list[str]] = {folder: [] for folder in _FOLDERS}
    for example in recording.examples:
        folder = f"{example.half}/examples/recorded"
        path = f"{folder}/{example.name}.json"
        if path in made:
            raise NotAsPlanned(
                f"{example.flow}: {path} was recorded already; say what is special about the second one"
            )
        made[path] = json.dumps(example.value, indent=2, ensure_ascii=False) + "\n"
        entries[folder].append(_entry(example))
    made |= {f"{folder}/examples.yaml": _HEAD + "".join(lines) for folder, lines in entries.items()}
    lines = [f"{operation_id}: {_flow(values)}\n" for operation_id, values in recording.parameters.items()]
    return {**made, PARAMETERS: _HEAD + "".join(lines)}


def _entry(example: Candidate) -> str:
    entry: dict[str, Any] = {
        "file": f"{example.name}.json",
        "schema": example.schema,
        "basis": RECORDED,
        "source": f"refswitch, flow {example.flow}",
        "summary": example.summary,
    }
    if example.answers is not None:
        entry["answers"] = dict(zip(("operationId", "status"), example.answers, strict=True))
    if example.when:
        entry["when"] = example.when
    return f"- {_flow(entry)}\n"


def _flow(value: object) -> str:
    """A value on one line. JSON is YAML."""
    return json.dumps(value, ensure_ascii=False)


def write(root: Path, made: Mapping[str, str]) -> list[str]:
    """Write the files that differ, and remove those that are no longer made. Returns the paths of both."""
    changed = stale(root, made)
    for path in changed:
        file = root / path
        if path in made:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(made[path], encoding="utf-8")
        else:
            file.unlink()
    return changed


def stale(root: Path, made: Mapping[str, str]) -> list[str]:
    """The paths of files that are missing, that differ byte for byte, or that nothing makes now."""
    there = {
        file.relative_to(root).as_posix(): file.read_bytes()
        for folder in _FOLDERS
        for file in (root / folder).rglob("*")
        if file.is_file()
    }
    wanted = {path: text.encode() for path, text in made.items()}
    return sorted(path for path in {*there, *wanted} if there.get(path) != wanted.get(path))
