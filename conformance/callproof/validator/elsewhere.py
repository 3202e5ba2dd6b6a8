"""What Genesys documents and this contract does not describe: other media, users and services. Pure.

Such a message is not judged, and it is never wrong: an agent's desktop that subscribes to `/**` receives them beside those of its calls.
Each row has its public source: a page of docs.genesys.com/Documentation/HTCC (8.5.2 unless it says otherwise), or a public client program.
A contract that describes one of them is judged by that description, because the contract is asked first.
"""

from __future__ import annotations

_EVENTS = "AsynchronousEvents"
_PASSWORDS = "AsyncTelephonyOpsNotifications 8.5.0"  # the page's name
_ACCEPT = "ChatAccept"
_CHAT = "InteractionsOnChat 8.5.0"
_WEB = "a public web client"

#: CometD topic -> source.
TOPICS: dict[str, str] = {
    "/v2/me": _PASSWORDS,
    "/v2/users": _PASSWORDS,
    "/v2/me/chats": _EVENTS,
    "/v2/me/emails": _EVENTS,
    "/v2/me/openmedia": _EVENTS,
    "/v2/me/interactions": _WEB,
    "/v2/me/workitems": _WEB,
    "/v2/me/workbins": _WEB,
    "/v2/me/outbound": _WEB,
    "/v2/me/state": _WEB,  # no page lists it
    "/notifications/services": _EVENTS,
}
#: messageType of a notification on one of these topics -> source.
MESSAGE_TYPES: dict[str, str] = {
    "ChatStateChangeMessage": _ACCEPT,
    "EmailStateChangeMessage": _WEB,
}
#: operationName -> source. Names that calls and chats share, such as Reject, are judged as those of calls.
OPERATIONS: dict[str, str] = {
    "Complete": _ACCEPT,
    "InFocus": _ACCEPT,
    "Leave": _ACCEPT,
    "SendMessage": _ACCEPT,
    "SendStartTypingNotification": _ACCEPT,
    "SendStopTypingNotification": _ACCEPT,
    "Transfer": _ACCEPT,
    "InitiateConsulation": _CHAT,  # as the page spells it
    "RequestChatHistory": _CHAT,
    "SendNotification": _CHAT,
    "StopProcessing": _CHAT,
}
