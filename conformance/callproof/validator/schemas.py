"""The contract's schemas and the ways to them: by name, operationName, notification, meta channel, answer. Pure.

Built from the parsed bundles. Every import delays `callproof check`, so nothing here needs typing or dataclasses at run time.
"""

from __future__ import annotations

from callproof.json_values import as_list, as_object

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from callproof.json_values import Json, JsonObject

_COMPONENT = "#/components/schemas/"
_BRANCHES = ("allOf", "anyOf", "oneOf")
_METHODS = ("get", "put", "post", "delete", "patch")


class Notification:
    """What identifies one notification: its channel, its messageType, and its notificationType if the schema fixes one."""

    __slots__ = ("channel", "data", "message_types", "name", "notification_types")

    def __init__(
        self,
        name: str,
        channel: str,
        data: JsonObject,
        message_types: list[str],
        notification_types: list[str],
    ) -> None:
        self.name = name
        self.channel = channel
        self.data = data  # the schema of the member of that name
        self.message_types = message_types
        self.notification_types = notification_types  # empty: any


class Answer:
    """One form of an HTTP answer: the members, besides statusCode, that identify it."""

    __slots__ = ("members", "name", "schema", "status")

    def __init__(self, name: str, schema: JsonObject, members: list[str], status: JsonObject) -> None:
        self.name = name
        self.schema = schema
        self.members = members
        self.status = status


class Schemas:
    """The schemas that `payload` needs. A name in both halves means one schema: the bundler takes it from one file."""

    def __init__(self, openapi: JsonObject, asyncapi: JsonObject) -> None:
        self.components: dict[str, JsonObject] = {
            name: as_object(schema)
            for half in (asyncapi, openapi)
            for name, schema in as_object(as_object(half.get("components")).get("schemas")).items()
        }
        #: By identity: schemas never change, and each entry keeps its schema alive, so no other schema can get its id.
        self._members: dict[int, tuple[JsonObject, dict[str, JsonObject]]] = {}
        self._required = {
            name: frozenset(member for member in as_list(schema.get("required")) if isinstance(member, str))
            for name, schema in self.components.items()
        }
        self.operations = dict(self._operations())
        self.notifications = list(self._notifications(asyncapi))
        self.replies = dict(self._meta(asyncapi, reply=True))
        self.requests = dict(self._meta(asyncapi, reply=False))
        self.answers = list(self._answers(openapi))

    def resolved(self, schema: JsonObject) -> tuple[str, JsonObject]:
        """The schema behind a $ref, with the name of the component; an inline schema is itself and has no name."""
        name = ""
        while isinstance(reference := schema.get("$ref"), str):
            name = reference.removeprefix(_COMPONENT)
            schema = self.components.get(name, {})
        return name, schema

    def reference(self, name: str) -> JsonObject:
        """A schema that is the component under its name. KeyError if there is none."""
        if name not in self.components:
            raise KeyError(name)
        return {"$ref": _COMPONENT + name}

    def parts(self, schema: JsonObject) -> Iterator[JsonObject]:
        """The schema and every branch for the same value, with references followed."""
        schema = self.resolved(schema)[1]
        yield schema
        for keyword in _BRANCHES:
            for branch in as_list(schema.get(keyword)):
                yield from self.parts(as_object(branch))

    def members(self, schema: JsonObject) -> dict[str, JsonObject]:
        """The members that the schema or any of its branches names. Do not change the result."""
        if (found := self._members.get(id(schema))) is not None:
            return found[1]
        known: dict[str, JsonObject] = {}
        for part in self.parts(schema):
            for name, member in as_object(part.get("properties")).items():
                known.setdefault(name, as_object(member))
        self._members[id(schema)] = schema, known
        return known

    def resource(self, value: JsonObject) -> str:
        """The schema that describes such an object, by the members that it requires; empty unless one describes it best.

        It requires several members, and none of them tells its kind of payload: this is for resources, such as a call or a device.
        """
        most = max((len(names) for names in self._required.values() if names <= value.keys()), default=0)
        best = [
            name for name, names in self._required.items() if len(names) == most and names <= value.keys()
        ]
        return best[0] if most > 1 and len(best) == 1 else ""

    def words(self, schema: JsonObject, member: str) -> list[str]:
        """The words that a closed list allows for the member; none when it is open or free."""
        for part in self.parts(schema):
            fixed = self.resolved(as_object(as_object(part.get("properties")).get(member)))[1].get("enum")
            if isinstance(fixed, list):
                return [word for word in fixed if isinstance(word, str)]
        return []

    def _operations(self) -> Iterator[tuple[str, str]]:
        for schema in self.components.values():
            discriminator = as_object(schema.get("discriminator"))
            if discriminator.get("propertyName") == "operationName":
                for word, reference in as_object(discriminator.get("mapping")).items():
                    yield word, str(reference).removeprefix(_COMPONENT)

    def _notifications(self, asyncapi: JsonObject) -> Iterator[Notification]:
        for channel in as_object(asyncapi.get("channels")).values():
            address = str(as_object(channel).get("address"))
            if address.startswith("/meta/"):
                continue
            for message in as_object(as_object(channel).get("messages")).values():
                name = self._payload(asyncapi, message)
                data = self.members({"$ref": _COMPONENT + name}).get("data", {})
                kinds = self.words(data, "messageType"), self.words(data, "notificationType")
                yield Notification(name, address, data, *kinds)

    def _meta(self, asyncapi: JsonObject, reply: bool) -> Iterator[tuple[str, str]]:
        for operation in as_object(asyncapi.get("operations")).values():
            part = as_object(operation)
            if part.get("action") != "receive":
                continue
            part = as_object(part.get("reply")) if reply else part
            channel = as_object(_pointed(asyncapi, part.get("channel")))
            for message in as_list(part.get("messages")):
                yield str(channel.get("address")), self._payload(asyncapi, _pointed(asyncapi, message))

    def _payload(self, asyncapi: JsonObject, message: Json) -> str:
        payload = as_object(as_object(_pointed(asyncapi, message)).get("payload"))
        return str(payload.get("$ref", "")).removeprefix(_COMPONENT)

    def _answers(self, openapi: JsonObject) -> Iterator[Answer]:
        seen: set[str] = set()
        for name, schema in _answer_schemas(openapi):
            if name not in seen:
                seen.add(name)
                yield from self._forms(name, schema)

    def _forms(self, name: str, schema: JsonObject) -> Iterator[Answer]:
        """The forms of an answer: the branches of a choice, or the answer itself."""
        name, schema = self.resolved(schema)[0] or name, self.resolved(schema)[1]
        branches = [as_object(branch) for branch in as_list(schema.get("anyOf"))]
        if branches and "properties" not in schema:
            for branch in branches:
                yield from self._forms(name, branch)
            return
        members = [str(member) for member in as_list(schema.get("required")) if member != "statusCode"]
        yield Answer(name, schema, members, self.members(schema).get("statusCode", {}))


def _pointed(document: JsonObject, value: Json) -> Json:
    """The target of a reference of the form `{"$ref": "#/a/b"}`, through any number of references."""
    while isinstance(value, dict) and isinstance(reference := value.get("$ref"), str):
        value = document
        for token in reference.removeprefix("#/").split("/"):
            value = as_object(value).get(token.replace("~1", "/").replace("~0", "~"))
    return value


def _answer_schemas(openapi: JsonObject) -> Iterator[tuple[str, JsonObject]]:
    """The schemas of all answers, named by their component; answers without a name are named by their place."""
    for path, item in as_object(openapi.get("paths")).items():
        for method in _METHODS:
            responses = as_object(as_object(as_object(item).get(method)).get("responses"))
            for status, response in responses.items():
                content = as_object(as_object(_pointed(openapi, response)).get("content"))
                if schema := as_object(as_object(content.get("application/json")).get("schema")):
                    name = schema.get("$ref", f"{method.upper()} {path} {status}")
                    yield str(name).removeprefix(_COMPONENT), schema
