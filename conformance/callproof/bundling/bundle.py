"""Bundles each half of the contract into one file, with every schema in ``components`` under the stem of its file."""

from __future__ import annotations

import json
import posixpath

from callproof.bundling.derive31 import derived_31
from callproof.bundling.findings import ContractBroken, Finding
from callproof.bundling.placing import place_examples
from callproof.bundling.sources import ASYNCAPI_ROOT, CALL_MODEL, OPENAPI_ROOT, Contract, Source
from callproof.bundling.unions import filled_union
from callproof.bundling.values import (
    Json,
    JsonObject,
    NoSuchPlace,
    Tokens,
    as_object,
    pointer,
    tokens_of,
    value_at,
)

# A file in one of these folders becomes a component of that kind; a file elsewhere (paths) is inlined where it is referred to.
_COMPONENTS = {
    "schemas": "schemas",
    "operations": "schemas",
    "responses": "responses",
    "links": "links",
    "parameters": "parameters",
    "headers": "headers",
    "messages": "messages",
    "bayeux": "messages",
}
# Members that only the bundler needs.
_PLUMBING = {"x-operations"}
# Members that hold the contract's sentences.
_SENTENCES = {"x-behaviour", "x-bayeux"}


class Half:
    """A bundle under construction, with the origin of each of its values."""

    def __init__(self, contract: Contract, root: str) -> None:
        self.findings: list[Finding] = []
        self.sources: dict[tuple[str, str], Source] = {}  # (kind, component name) -> its file
        self._contract = contract
        self._root = root
        self._components: dict[str, JsonObject] = {}
        self._origins: dict[str, tuple[Source, Tokens]] = {}
        self._local_references: list[tuple[str, Source, Tokens]] = []
        self._inlining: list[tuple[str, Tokens]] = []
        self.document = self._assembled()

    def place(self, tokens: Tokens) -> tuple[str, int]:
        """The file and line from which the value at the pointer into the bundle came."""
        for length in range(len(tokens), -1, -1):
            if (origin := self._origins.get(pointer(tokens[:length]))) is not None:
                source, inside = origin
                return source.path, source.line((*inside, *tokens[length:]))
        return self._root, 1

    @property
    def used(self) -> set[str]:
        """The files that the bundle is made from."""
        return {source.path for source, _ in self._origins.values()}

    def _assembled(self) -> JsonObject:
        root = self._contract.files.get(self._root)
        if root is None:
            return {}
        self._origins[""] = (root, ())
        document = as_object(self._copy(root.value, root, (), ()))
        components = as_object(document.pop("components", {}))
        for kind, members in components.items():
            for name, member in as_object(members).items():
                self._keep_root_component(kind, name, member, root)
        document["components"] = {
            kind: dict(sorted(members.items())) for kind, members in sorted(self._components.items())
        }
        for reference, source, tokens in self._local_references:
            self._check_local(document, reference, source, tokens)
        return document

    def _keep_root_component(self, kind: str, name: str, member: Json, root: Source) -> None:
        if member == {"$ref": f"#/components/{kind}/{name}"}:
            return  # the root lists the file under its own name, where the file's component already is
        if name in self._components.setdefault(kind, {}):
            self._clash(root, ("components", kind, name), kind, name, self.sources[kind, name].path)
        self._components[kind][name] = member

    def _copy(self, value: Json, source: Source, inside: Tokens, out: Tokens) -> Json:
        """The value with rewritten references; ``inside`` is its place in the file, ``out`` its place in the bundle."""
        if isinstance(value, list):
            steps = ((str(n), item) for n, item in enumerate(value))
            return [self._copy(item, source, (*inside, step), (*out, step)) for step, item in steps]
        if not isinstance(value, dict):
            return value
        if isinstance(value.get("$ref"), str):
            return self._referred(value, source, inside, out)
        if "x-operations" in value:
            value = filled_union(value, source, self._contract, self.findings)
        copied: JsonObject = {}
        for name, member in value.items():
            if name in _SENTENCES:
                copied["x-file"] = source.path  # where the sentences stand: a requirement points to file#id
            if name == "discriminator" and isinstance(member, dict):
                copied[name] = self._discriminator(member, source, (*inside, name))
            elif name not in _PLUMBING:
                copied[name] = self._copy(member, source, (*inside, name), (*out, name))
        return copied

    def _referred(self, value: JsonObject, source: Source, inside: Tokens, out: Tokens) -> Json:
        reference = str(value["$ref"])
        if len(value) > 1:
            others = ", ".join(sorted(set(value) - {"$ref"}))
            problem = f"$ref has siblings ({others}), which half the tools ignore"
            remedy = "give the object a file of its own, or drop the others"
            self._add(source, inside, "reference-alone", problem, remedy)
        target = self._target(reference, source, inside)
        if target is None:
            return {}
        file, fragment = target
        if file.path == self._root:
            local = "#" + pointer(fragment)
            self._local_references.append((local, source, inside))
            return {"$ref": local}
        kind = _COMPONENTS.get(file.folder)
        if kind is not None and not fragment:
            return {"$ref": self._component(kind, file, source, inside)}
        return self._inlined(file, fragment, source, inside, out)

    def _target(self, reference: str, source: Source, inside: Tokens) -> tuple[Source, Tokens] | None:
        path, _, fragment = reference.partition("#")
        if "://" in path:
            problem = f"{reference} points outside the contract"
            self._add(source, inside, "reference", problem, "refer to a file of the contract")
            return None
        name = self._resolved(path, source) if path else source.path
        file = self._contract.files.get(name)
        if file is None:
            problem = f"{reference} points to {name}, which does not exist or cannot be read"
            self._add(source, inside, "reference", problem, "write the file or fix the reference")
            return None
        tokens = tokens_of(fragment)
        if file.path != self._root and not self._stands(file, tokens):
            problem = f"{reference} points to nothing in {name}"
            self._add(source, inside, "reference", problem, "fix the part after the #")
            return None
        return file, tokens

    def _component(self, kind: str, file: Source, source: Source, inside: Tokens) -> str:
        """Make the file a component, if it is not one yet, and return the reference to it."""
        name = file.stem
        known = self.sources.setdefault((kind, name), file)
        if known.path != file.path:
            self._clash(source, inside, kind, name, known.path, file.path)
        members = self._components.setdefault(kind, {})
        if name not in members:
            members[name] = None  # taken, so that a schema may refer to itself
            self._origins[pointer(("components", kind, name))] = (file, ())
            members[name] = self._copy(file.value, file, (), ("components", kind, name))
        return f"#/components/{kind}/{name}"

    def _inlined(self, file: Source, fragment: Tokens, source: Source, inside: Tokens, out: Tokens) -> Json:
        if file.folder in {"schemas", "operations"}:
            problem = f"the reference points into the middle of {file.path}"
            self._add(source, inside, "reference", problem, "move that schema to a file of its own")
            return {}
        step = (file.path, fragment)
        if step in self._inlining:
            circle = " -> ".join(path for path, _ in [*self._inlining, step])
            problem = f"the files refer to each other in a circle: {circle}"
            self._add(source, inside, "reference", problem, "break the circle; only schemas may form one")
            return {}
        self._inlining.append(step)
        self._origins[pointer(out)] = (file, fragment)
        try:
            return self._copy(value_at(file.value, fragment), file, fragment, out)
        finally:
            self._inlining.pop()

    def _discriminator(self, value: JsonObject, source: Source, inside: Tokens) -> Json:
        """AsyncAPI 3.0.0 knows only the name of the property; OpenAPI also has the mapping."""
        mapping = as_object(value.get("mapping"))
        rewritten: JsonObject = {}
        for tag, reference in mapping.items():
            target = self._target(str(reference), source, (*inside, "mapping", tag))
            if target is not None:
                rewritten[tag] = self._component("schemas", target[0], source, (*inside, "mapping", tag))
        if self._root == ASYNCAPI_ROOT:
            return value.get("propertyName")
        return {"propertyName": value.get("propertyName"), **({"mapping": rewritten} if mapping else {})}

    def _resolved(self, path: str, source: Source) -> str:
        return posixpath.normpath(posixpath.join(posixpath.dirname(source.path), path))

    def _stands(self, file: Source, tokens: Tokens) -> bool:
        try:
            value_at(file.value, tokens)
        except NoSuchPlace:
            return False
        return True

    def _check_local(self, document: JsonObject, reference: str, source: Source, tokens: Tokens) -> None:
        try:
            value_at(document, tokens_of(reference.removeprefix("#")))
        except NoSuchPlace:
            problem = f"{reference} points to nothing in {self._root}"
            self._add(source, tokens, "reference", problem, "fix the reference")

    def _clash(self, source: Source, inside: Tokens, kind: str, name: str, *paths: str) -> None:
        problem = f"{' and '.join(paths)} both claim #/components/{kind}/{name}"
        self._add(source, inside, "name-clash", problem, "rename one of the files")

    def _add(self, source: Source, tokens: Tokens, rule: str, problem: str, remedy: str) -> None:
        self.findings.append(source.finding(tokens, rule, problem, remedy))


def halves(contract: Contract) -> tuple[Half, Half]:
    """Both halves, assembled as far as possible; their findings say what is wrong with them."""
    return Half(contract, OPENAPI_ROOT), Half(contract, ASYNCAPI_ROOT)


def bundles(contract: Contract) -> dict[str, JsonObject]:
    """The four bundles by file name. Raises ContractBroken with every fault that prevents them."""
    openapi, asyncapi = halves(contract)
    findings = [*contract.findings, *openapi.findings, *asyncapi.findings]
    findings += place_examples(contract, openapi.document, asyncapi.document)
    model = contract.files.get(CALL_MODEL)
    if model is None and not any(finding.path == CALL_MODEL for finding in findings):
        findings.append(Finding(CALL_MODEL, 1, "reference", "the call model is missing", "write the table"))
    if findings or model is None:
        raise ContractBroken(findings)
    return {
        "openapi.json": openapi.document,
        "openapi-3.1.json": derived_31(openapi.document),
        "asyncapi.json": asyncapi.document,
        "call-model.json": as_object(model.value),
    }


def text_of(document: JsonObject) -> str:
    """The text of the bundle: the same bytes for the same contract."""
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"
