"""Messages: reading them, checking what each must and may carry, and writing the replies.

Bayeux 1.0, Common Message Field Definitions and Meta Message Field Definitions.
"""

import json
import math
from collections.abc import Callable, Mapping
from typing import NoReturn, TypeAlias, TypeGuard

from refswitch.json_values import Json, is_deeper, object_at

from . import channels
from .errors import Cause, NotMessages, Refused

Message: TypeAlias = dict[str, Json]

VERSION = "1.0"


def parse(body: bytes, *, max_messages: int, max_depth: int) -> list[Message]:
    """The messages of one request or frame: a JSON array of objects, or one object (Bayeux 1.0, Messages).

    Raises NotMessages, which names the place and the rule.
    """
    if not body.strip():
        raise NotMessages("$", "must be a JSON array of Bayeux messages, but is empty")
    value = _decode(body)
    if body.count(b"[") + body.count(b"{") > max_depth and is_deeper(value, max_depth):
        raise NotMessages("$", f"must not be nested deeper than {max_depth} levels")
    if isinstance(value, dict):
        return [value]
    if not isinstance(value, list):
        raise NotMessages("$", f"must be an array of Bayeux messages, but is {_kind(value)}")
    if not 1 <= len(value) <= max_messages:
        raise NotMessages("$", f"must hold 1 to {max_messages} messages, but holds {len(value)}")
    messages: list[Message] = []
    for index, member in enumerate(value):
        if not isinstance(member, dict):
            raise NotMessages(f"$[{index}]", f"must be an object, but is {_kind(member)}")
        messages.append(member)
    return messages


_ENCODER = json.JSONEncoder(separators=(",", ":"), allow_nan=False)


def serialise(message: Mapping[str, object]) -> str:
    """The message as ASCII JSON, so that any character, even half a surrogate pair, survives every transport."""
    return _ENCODER.encode(message)


def event(channel: str, data: Mapping[str, object]) -> str:
    """What subscribers receive: channel and data, nothing else.

    No `id`: a client mistakes any message with the id of a pending request for the reply.
    No `clientId`: it would leak (Bayeux 1.0, clientId).
    """
    return serialise({"channel": channel, "data": data})


def check_id(message: Message) -> None:
    """Refuse an id that could not be returned unchanged (Bayeux 1.0, id)."""
    if "id" in message and not _is_id(message["id"]):
        raise Refused(Cause.INVALID_ID)


def channel_of(message: Message) -> str:
    """The channel. Raises Refused: every message MUST have one (Bayeux 1.0, channel)."""
    channel = message.get("channel")
    if channel is None:
        raise Refused(Cause.MISSING_FIELD, "channel")
    if not isinstance(channel, str):
        raise Refused(Cause.WRONG_VALUE, "channel")
    return channel


def check_fields(message: Message, channel: str) -> None:
    """Refuse a message that lacks a field its channel MUST have, or has a listed field of the wrong type.

    Fields that are not listed are ignored (Bayeux 1.0, ext and advice allow any).
    """
    must, may = FIELDS[channel]
    for field in must:
        if message.get(field) is None:
            raise Refused(MISSING.get(field, Cause.MISSING_FIELD), *(() if field in MISSING else (field,)))
    for field in (*must, *may):
        if field in message and not _TYPES[field](message[field]):
            raise Refused(Cause.WRONG_VALUE, field)


def success(request: Mapping[str, Json], **fields: Json) -> Message:
    """A successful reply: the request's id and channel, `successful`, and the fields of this channel."""
    return _reply(request, successful=True, **fields)


def failure(request: Mapping[str, Json], error: str, **fields: Json) -> Message:
    """A failed reply. A subscription is returned unchanged (Bayeux 1.0, Subscribe response)."""
    subscription = request.get("subscription")
    if request.get("channel") in (channels.SUBSCRIBE, channels.UNSUBSCRIBE) and _is_names(subscription):
        fields["subscription"] = subscription
    return _reply(request, successful=False, error=error, **fields)


def ext_of(message: Mapping[str, Json]) -> Mapping[str, Json]:
    """The message's extension fields; empty unless `ext` is an object (Bayeux 1.0, ext)."""
    return object_at(message.get("ext"))


def with_ext(message: Message, name: str, value: Json) -> Message:
    """The message with one more extension field."""
    return message | {"ext": {**ext_of(message), name: value}}


def speaks_our_version(message: Message) -> bool:
    """Whether Bayeux 1.0 lies between the client's `minimumVersion`, if given, and its `version`.

    Versions compare element by element, and `1.0beta` comes before `1.0` (Bayeux 1.0, Version).
    """
    ours = _version_elements(VERSION)
    newest = _version_elements(str(message["version"]))
    oldest = _version_elements(str(message.get("minimumVersion", VERSION)))
    return bool(newest and oldest) and oldest <= ours <= newest


def _reply(request: Mapping[str, Json], **fields: Json) -> Message:
    reply: Message = {}
    if "id" in request and _is_id(request["id"]):
        reply["id"] = request["id"]
    if isinstance(request.get("channel"), str):
        reply["channel"] = request["channel"]
    return reply | fields


def _decode(body: bytes) -> Json:
    try:
        value: Json = _DECODER.decode(body.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise NotMessages("$", f"must be UTF-8, but is not at byte {error.start}") from None
    except json.JSONDecodeError as error:
        raise NotMessages(
            "$", f"must be JSON: {error.msg} at line {error.lineno} column {error.colno}"
        ) from None
    except RecursionError:
        raise NotMessages("$", "is nested too deeply") from None
    except ValueError:  # the only other error that json raises: an integer too long for Python
        raise NotMessages("$", "has a number with too many digits") from None
    return value


def _refuse_constant(constant: str) -> NoReturn:
    raise NotMessages("$", f"must be JSON, which does not allow {constant}")


_DECODER = json.JSONDecoder(parse_constant=_refuse_constant)


def _kind(value: Json) -> str:
    names = {list: "an array", dict: "an object", str: "a string", bool: "a boolean", type(None): "null"}
    return names.get(type(value), "a number")


def _version_elements(version: str) -> tuple[tuple[int, bool, str], ...]:
    """`1.0beta` as numbers and suffixes that compare as versions do; empty if it is not a version."""
    elements = []
    for element in version.split("."):
        digits = element[: len(element) - len(element.lstrip("0123456789"))]
        if not digits or len(digits) > 9:
            return ()
        suffix = element[len(digits) :]
        elements.append((int(digits), suffix == "", suffix))
    return tuple(elements)


def _is_number(value: Json) -> TypeGuard[int | float]:
    if isinstance(value, float):
        return math.isfinite(value)  # 1e999 is valid JSON, but not a usable number
    return isinstance(value, int) and not isinstance(value, bool)


def _is_id(value: Json) -> bool:
    return isinstance(value, str) or _is_number(value)


def _is_text(value: Json) -> bool:
    return isinstance(value, str)


def _is_object_or_null(value: Json) -> bool:
    return value is None or isinstance(value, dict)


def _is_texts(value: Json) -> bool:
    return isinstance(value, list) and all(isinstance(member, str) for member in value)


def _is_names(value: Json) -> bool:
    return isinstance(value, str) or _is_texts(value)


def _is_advice(value: Json) -> bool:
    if not isinstance(value, dict):
        return value is None
    timeout = value.get("timeout", 0)
    return _is_number(timeout) and timeout >= 0


_TYPES: Mapping[str, Callable[[Json], bool]] = {
    "advice": _is_advice,
    "connectionType": _is_text,
    "ext": _is_object_or_null,
    "minimumVersion": _is_text,
    "subscription": _is_names,
    "supportedConnectionTypes": _is_texts,
    "version": _is_text,
}

# What each request MUST and MAY carry beside channel, id and (all but the handshake) clientId.
FIELDS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    channels.HANDSHAKE: (("version", "supportedConnectionTypes"), ("minimumVersion", "ext")),
    channels.CONNECT: (("connectionType",), ("advice", "ext")),
    channels.SUBSCRIBE: (("subscription",), ("ext",)),
    channels.UNSUBSCRIBE: (("subscription",), ("ext",)),
    channels.DISCONNECT: ((), ("ext",)),
}

# Fields whose absence has a code of its own.
MISSING: Mapping[str, Cause] = {"subscription": Cause.SUBSCRIPTION_MISSING}
