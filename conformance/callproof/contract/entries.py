"""Everything in the contract that has a name, and what the contract says about it. Pure: made from the bundles that were read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from callproof.contract.bundles import Contract
from callproof.json_values import Json, JsonObject, as_list, as_object, objects_in, text_of, texts_in

_SCHEMAS = "#/components/schemas/"
_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


@dataclass(frozen=True)
class Entry:
    """One named thing of the contract.

    `facts` are labelled lines about it, `sentences` what the contract promises of it, by their pointers, and `definition` the member of the
    bundle that describes it.
    """

    kind: str
    name: str
    text: str
    basis: str
    source: str
    definition: JsonObject
    facts: tuple[tuple[str, str], ...] = ()
    sentences: Mapping[str, JsonObject] = field(default_factory=dict)


class Entries:
    """The named things of a contract, by kind."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        self._openapi, self._asyncapi = contract.openapi, contract.asyncapi
        self._schemas = {**_components(self._asyncapi, "schemas"), **_components(self._openapi, "schemas")}
        self._posted = self._endpoints_by_operation()
        #: kind -> its entries by name; where a name has several kinds, the first counts.
        self.kinds: dict[str, dict[str, Entry]] = {
            "operations": self._named(self._operations()),
            "endpoints": self._named(self._endpoints()),
            "channels": self._named(self._channels()),
            "messages": self._named(self._messages()),
            "schemas": self._named(self._plain_schemas()),
            "sentences": self._named(self._clauses()),
        }

    def find(self, name: str) -> list[Entry]:
        """The entry of this name; several if it is a path, or the id of several sentences; none if nothing is called so."""
        for entries in self.kinds.values():
            if name in entries:
                return [entries[name]]
        by_path = [
            entry for entry in self.kinds["endpoints"].values() if entry.name.partition(" ")[2] == name
        ]
        by_id = [
            entry for pointer, entry in self.kinds["sentences"].items() if pointer.partition("#")[2] == name
        ]
        return by_path or by_id

    @property
    def names(self) -> list[str]:
        """Every name that `find` knows, apart from paths."""
        names = [name for entries in self.kinds.values() for name in entries]
        return [*names, *(pointer.partition("#")[2] for pointer in self.kinds["sentences"])]

    def _named(self, entries: Iterator[Entry]) -> dict[str, Entry]:
        return {entry.name: entry for entry in entries}

    # operations --------------------------------------------------------------------------------------------------------

    def _operations(self) -> Iterator[Entry]:
        for name in sorted(self._posted):
            schema = as_object(self._schemas.get(name))
            facts = [("posted to", ", ".join(self._posted[name]))]
            facts += [(f"row {text_of(row.get('id'))}", _row(row)) for row in self._rows(name)]
            facts += [
                (f"refusal {refusal.get('statusCode')}", _with_basis(refusal, "when"))
                for refusal in objects_in(schema.get("x-refusals"))
            ]
            yield self._of_schema("operation", name, schema, facts)

    def _rows(self, operation: str) -> list[JsonObject]:
        model = self._contract.call_model
        parts = ("operations", "devices", "agentStates")
        return [
            row for part in parts for row in objects_in(model.get(part)) if row.get("operation") == operation
        ]

    def _endpoints_by_operation(self) -> dict[str, list[str]]:
        """operationName -> the endpoints whose bodies may have it."""
        found: dict[str, list[str]] = {}
        for name, _, operation in self._each_endpoint():
            for union in self._unions_of(as_object(operation.get("requestBody"))):
                for tag in as_object(as_object(union.get("discriminator")).get("mapping")):
                    found.setdefault(tag, []).append(name)
        return found

    def _unions_of(self, body: JsonObject) -> Iterator[JsonObject]:
        for media in as_object(body.get("content")).values():
            schema = as_object(as_object(media).get("schema"))
            union = as_object(self._schemas.get(_name_of(schema), schema))
            if as_object(union.get("discriminator")).get("propertyName") == "operationName":
                yield union

    # the other kinds ---------------------------------------------------------------------------------------------------

    def _each_endpoint(self) -> Iterator[tuple[str, JsonObject, JsonObject]]:
        for path, value in as_object(self._openapi.get("paths")).items():
            item = as_object(value)
            for method in _METHODS:
                if method in item:
                    yield f"{method.upper()} {path}", item, as_object(item[method])

    def _endpoints(self) -> Iterator[Entry]:
        for name, item, operation in self._each_endpoint():
            posted = [tag for tag, places in self._posted.items() if name in places]
            facts = [("operations", ", ".join(sorted(posted)))] if posted else []
            for holder in (item, operation):
                for parameter in objects_in(holder.get("parameters")):
                    label = f"{text_of(parameter.get('in'))} {text_of(parameter.get('name'))}"
                    facts.append((label, text_of(parameter.get("description"))))
            facts += [
                (f"answer {status}", self._answer(answer))
                for status, answer in as_object(operation.get("responses")).items()
            ]
            definition = {
                **operation,
                "parameters": [*as_list(item.get("parameters")), *as_list(operation.get("parameters"))],
            }
            yield Entry("endpoint", name, _text(operation), *_basis(operation), definition, tuple(facts))

    def _answer(self, value: Json) -> str:
        answer = as_object(value)
        shared = text_of(answer.get("$ref")).rpartition("/")[2]
        answer = as_object(_components(self._openapi, "responses").get(shared, answer))
        schemas = [
            _name_of(as_object(as_object(media).get("schema")))
            for media in as_object(answer.get("content")).values()
        ]
        return ": ".join(filter(None, (", ".join(filter(None, schemas)), text_of(answer.get("description")))))

    def _channels(self) -> Iterator[Entry]:
        for value in as_object(self._asyncapi.get("channels")).values():
            channel = as_object(value)
            messages = ", ".join(as_object(channel.get("messages")))
            facts = (("messages", messages),)
            yield Entry(
                "channel", text_of(channel.get("address")), _text(channel), *_basis(channel), channel, facts
            )

    def _messages(self) -> Iterator[Entry]:
        """The notifications and the Bayeux messages, each with the schema of its payload."""
        for name, value in _components(self._asyncapi, "messages").items():
            message = as_object(value)
            channels = [
                text_of(as_object(channel).get("address"))
                for channel in as_object(self._asyncapi.get("channels")).values()
                if name in as_object(as_object(channel).get("messages"))
            ]
            schema = as_object(self._schemas.get(_name_of(as_object(message.get("payload")))))
            facts = [("channel", ", ".join(channels)), ("message", text_of(message.get("summary")))]
            yield self._of_schema("message", name, schema, facts)

    def _plain_schemas(self) -> Iterator[Entry]:
        for name, value in sorted(self._schemas.items()):
            yield self._of_schema("schema", name, as_object(value), [])

    def _of_schema(self, kind: str, name: str, schema: JsonObject, facts: list[tuple[str, str]]) -> Entry:
        file = text_of(schema.get("x-file"))
        sentences = {
            f"{file}#{text_of(entry.get('id'))}": entry for entry in objects_in(schema.get("x-behaviour"))
        }
        definition = {k: v for k, v in schema.items() if k not in ("x-behaviour", "x-refusals", "x-file")}
        return Entry(kind, name, _text(schema), *_basis(schema), definition, tuple(facts), sentences)

    def _clauses(self) -> Iterator[Entry]:
        for pointer, entry in self._contract.clauses.items():
            facts = tuple((name, text_of(entry[name])) for name in ("level", "note") if name in entry)
            basis = text_of(entry.get("basis")), text_of(entry.get("source"))
            yield Entry("sentence", pointer, text_of(entry.get("text")), *basis, {**entry}, facts)


def _components(half: JsonObject, kind: str) -> JsonObject:
    return as_object(as_object(half.get("components")).get(kind))


def _name_of(schema: JsonObject) -> str:
    return text_of(schema.get("$ref")).removeprefix(_SCHEMAS)


def _text(value: JsonObject) -> str:
    said = [text_of(value.get(name)).strip() for name in ("summary", "title", "description")]
    return said[2] or said[0] or said[1]


def _basis(value: JsonObject) -> tuple[str, str]:
    return text_of(value.get("x-basis")), text_of(value.get("x-source"))


def _with_basis(entry: JsonObject, member: str) -> str:
    return f"{text_of(entry.get(member))} ({text_of(entry.get('basis'))}: {text_of(entry.get('source'))})"


#: Members of a row that are not shown beside its id, or in words of their own.
_TOLD = ("id", "operation", "target", "basis", "source", "tells", "text", "displayName")


def _row(row: JsonObject) -> str:
    """A row of the call model in words: when, what follows, who is told, and its basis."""
    said = [f"{name} {_value(value)}" for name, value in row.items() if name not in _TOLD]
    tells = [text_of(item) or _notification(as_object(item)) for item in as_list(row.get("tells"))]
    told = [f"notifies {', '.join(tells)}"] if tells else []
    return f"{'; '.join([*said, *told])} ({text_of(row.get('basis'))}: {text_of(row.get('source'))})"


def _notification(told: JsonObject) -> str:
    leg, kind, state = (text_of(told.get(name)) for name in ("leg", "notificationType", "state"))
    return f"{leg} leg: {' '.join(filter(None, (kind, state)))}"


def _value(value: Json) -> str:
    """A value of a row, in as few signs as it takes."""
    shown: dict[type, Callable[[], str]] = {
        list: lambda: " or ".join(texts_in(value)),
        dict: lambda: ", ".join(f"{name} {_value(member)}" for name, member in as_object(value).items()),
        bool: lambda: str(value).lower(),
    }
    return shown.get(type(value), lambda: str(value))()
