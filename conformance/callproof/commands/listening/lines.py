"""How a notification is printed: as a line for a person, or as a JSON object with everything in it."""

from __future__ import annotations

import json
from datetime import datetime

from callproof.bayeux import Delivered
from callproof.json_values import Json, as_object, objects_in, text_of
from callproof.validator.finding import ERROR, Finding, printable


def as_text(told: Delivered, found: list[Finding], now: datetime) -> str:
    """One line: the time, the verdict, the notification in short, and the first finding."""
    verdict = "ok" if not found else ("BROKEN" if is_broken(found) else "note")
    time = f"{now:%H:%M:%S}.{now.microsecond // 1000:03}"
    words = [time, f"{verdict:6}", told.channel, _summary(told.data)]
    if found:
        more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
        words.append(f"- {found[0].where} {found[0].message}{more}")
    return printable(" ".join(word for word in words if word))


def as_json(told: Delivered, found: list[Finding], now: datetime) -> str:
    """One JSON object with the whole notification."""
    wrong = [
        {"path": one.where, "rule": one.rule, "severity": one.severity, "message": one.message}
        for one in found
    ]
    return json.dumps(
        {
            "time": now.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "channel": told.channel,
            "verdict": "broken" if is_broken(found) else "ok",
            "findings": wrong,
            "data": told.data,
        }
    )


def is_broken(found: list[Finding]) -> bool:
    """Say whether a notification with these findings breaks the contract."""
    return any(one.severity == ERROR for one in found)


def _summary(data: Json) -> str:
    """What a person looks for first in a notification: its types, the call's state and its parties."""
    about = as_object(data)
    call = as_object(about.get("call"))
    numbers = [text_of(party.get("phoneNumber")) for party in objects_in(call.get("participants"))]
    words = [text_of(about.get("notificationType") or about.get("messageType"))]
    words += [text_of(call.get("callType")), text_of(call.get("state")), "+".join(filter(None, numbers))]
    words.append(f"id={call['id']}" if isinstance(call.get("id"), str) else "")
    return " ".join(filter(None, words))
