"""How a notification is printed: as a line for a person, or as a JSON object with everything in it."""

from __future__ import annotations

import json
from datetime import datetime

from callproof.bayeux import Delivered
from callproof.json_values import Json, as_object, objects_in, text_of
from callproof.validator.finding import ERROR, NOTE, Finding, printable
from callproof.wire import Redactor

_IN_JSON = {"BROKEN": "broken", "not judged": "not-judged"}


def as_text(told: Delivered, found: list[Finding], now: datetime, redactor: Redactor) -> str:
    """One line: the time, the verdict, the notification in short, and the first finding."""
    time = f"{now:%H:%M:%S}.{now.microsecond // 1000:03}"
    words = [time, f"{_verdict(found):6}", told.channel, _summary(told.data)]
    if found:
        more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
        words.append(f"- {found[0].where} {found[0].message}{more}")
    return printable(redactor.shown(" ".join(word for word in words if word)))


def as_json(told: Delivered, found: list[Finding], now: datetime, redactor: Redactor) -> str:
    """One JSON object with the whole notification, its secrets masked."""
    wrong = [
        {
            "path": redactor.shown(one.where),
            "rule": one.rule,
            "severity": one.severity,
            "message": redactor.shown(one.message),
        }
        for one in found
    ]
    return json.dumps(
        {
            "time": now.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "channel": redactor.text(told.channel),
            "verdict": _IN_JSON.get(_verdict(found), "ok"),
            "findings": wrong,
            "data": redactor.value(told.data),
        }
    )


def was_judged(found: list[Finding]) -> bool:
    """Say whether the contract describes such notifications. Genesys documents others, about which it says nothing."""
    return all(one.severity != NOTE for one in found)


def is_broken(found: list[Finding]) -> bool:
    """Say whether a notification with these findings breaks the contract."""
    return any(one.severity == ERROR for one in found)


def _verdict(found: list[Finding]) -> str:
    if is_broken(found):
        return "BROKEN"
    if not was_judged(found):
        return "not judged"
    return "note" if found else "ok"


def _summary(data: Json) -> str:
    """What a person looks for first in a notification: its types, the call's state and its parties."""
    about = as_object(data)
    call = as_object(about.get("call"))
    numbers = [text_of(party.get("phoneNumber")) for party in objects_in(call.get("participants"))]
    words = [text_of(about.get("notificationType") or about.get("messageType"))]
    words += [text_of(call.get("callType")), text_of(call.get("state")), "+".join(filter(None, numbers))]
    words.append(f"id={call['id']}" if isinstance(call.get("id"), str) else "")
    return " ".join(filter(None, words))
