"""Every bound of the server: its number, what sets it, what happens at it. `make limits` makes docs/limits.md from these rows.

A bound stands here and nowhere else; code reads its `default`. How much of a value a message shows is not a bound.
"""

from __future__ import annotations

from typing import NamedTuple

_HTTP = "What a client may send over HTTP"
_SESSIONS = "HTTP sessions"
_COMETD = "CometD"
_SANDBOXES = "Sandboxes"
_SEATS = "The seats file"
_FILES = "Other files that the server reads"
_CONNECTIONS = "Connections"
_CALLS = "Calls"
_RECORDS = "The journal and the log"
_ADMIN = "The administration interface"


class Bound(NamedTuple):
    """One bound, as a row of docs/limits.md."""

    #: The heading that the row stands under.
    area: str
    #: What is bounded, with its unit: "bytes of a request body".
    subject: str
    #: The number, in that unit; times are whole seconds or milliseconds.
    default: int
    #: What sets it: "--limit body=N"; empty if nothing does.
    option: str
    #: One sentence: what happens at the bound, as the person on the other side sees it.
    consequence: str


REQUEST_BODY = Bound(
    _HTTP,
    "bytes of a request body",
    1_048_576,
    "",
    "HTTP 413 with statusCode 10; the rest of the body is not read.",
)

HEAD_BYTES = Bound(
    _HTTP,
    "bytes of a request's head: its target and all its headers",
    32_768,
    "--limit head=N",
    "HTTP 431 with statusCode 10; the connection is closed.",
)
HEADERS = Bound(
    _HTTP,
    "headers of a request",
    100,
    "--limit headers=N",
    "HTTP 431 with statusCode 10; the connection is closed.",
)
TARGET_BYTES = Bound(
    _HTTP,
    "bytes of a request's target: path and query",
    8_000,
    "--limit target=N",
    "HTTP 414 with statusCode 10; the connection is closed.",
)
UPGRADE_HEADER_BYTES = Bound(
    _HTTP,
    "bytes of one header of a request that opens a WebSocket",
    8_000,
    "",
    "HTTP 431 with statusCode 10; the connection is closed.",
)
JSON_LEVELS = Bound(
    _HTTP,
    "levels of nesting in a JSON body",
    64,
    "",
    "HTTP 400 with statusCode 10.",
)
PARAMETER_CHARACTERS = Bound(
    _HTTP,
    "characters of one parameter of an operation; user data has bounds of its own",
    4_096,
    "",
    "HTTP 400 with statusCode 10; nothing has changed.",
)
PIPELINED = Bound(
    _HTTP,
    "requests that wait on a connection for the answers to earlier ones",
    100,
    "",
    "The connection is closed.",
)
KNOWN_SENDERS = Bound(
    _HTTP,
    "pairs of valid credentials and cookie that a sandbox recognises without checking them again",
    4_096,
    "",
    "All are forgotten, and the next request of each is checked in full.",
)
KNOWN_SENDER_BYTES = Bound(
    _HTTP,
    "bytes of such a pair",
    1_024,
    "",
    "The pair is not remembered; each request with it is checked in full.",
)
HEAD_SECONDS = Bound(
    _CONNECTIONS,
    "seconds until the head of a request is complete",
    20,
    "--limit head-seconds=N",
    "HTTP 408 with statusCode 10 if a head has begun; the connection is closed.",
)
BODY_SECONDS = Bound(
    _CONNECTIONS,
    "seconds until the body of a request is complete",
    60,
    "--limit body-seconds=N",
    "HTTP 408 with statusCode 10 if no answer has begun; the connection is closed.",
)
IDLE_SECONDS = Bound(  # longer than any client's pause between two requests, so that no client writes to a connection being closed
    _CONNECTIONS,
    "seconds between the answer to a request and the next request",
    75,
    "--limit idle-seconds=N",
    "The connection is closed.",
)
CONNECTIONS = Bound(
    _CONNECTIONS,
    "open connections; fewer if the system lets the process open fewer files",
    10_000,
    "--limit connections=N",
    "A request on another connection is answered with HTTP 503 and statusCode 13, and that connection is closed.",
)
SPARE_CONNECTIONS = Bound(
    _CONNECTIONS,
    "connections above that bound that wait for their HTTP 503",
    64,
    "",
    "Another connection is closed at once.",
)
LINGER_SECONDS = Bound(
    _CONNECTIONS,
    "seconds in which the rest of a refused request is read and discarded, so that its client can read the refusal",
    2,
    "",
    "The connection is closed.",
)
CALLS_OF_AGENT = Bound(
    _CALLS,
    "calls of one agent at a time",
    100,
    "",
    "An operation that would give the agent another call is refused with HTTP 503 and statusCode 13; nothing has changed.",
)
CALLS_RELEASED = Bound(
    _CALLS,
    "released calls of one agent whose disposition can still be set",
    100,
    "",
    "SetCallDisposition for an older call is refused with HTTP 404 and statusCode 6.",
)
CALLS_WAITING = Bound(
    _CALLS,
    "calls of a sandbox that wait in queues at a time",
    1_000,
    "",
    "Another arriving call is refused with HTTP 503 and statusCode 13; nothing has changed.",
)
JOURNAL_ENTRIES = Bound(
    _RECORDS,
    "entries of a sandbox's journal",
    20_000,
    "",
    "The oldest entries are dropped and counted as lost.",
)
JOURNAL_BYTES = Bound(
    _RECORDS,
    "bytes of memory of a sandbox's journal",
    4 * 1_048_576,
    "",
    "The oldest entries are dropped and counted as lost.",
)
JOURNAL_BODY = Bound(
    _RECORDS, "bytes of a body that a journal keeps", 65_536, "", "The rest of the body is left out."
)
JOURNAL_ALIASES = Bound(
    _RECORDS,
    "CometD sessions that a journal names",
    10_000,
    "",
    "The session that was named first loses its name.",
)
WAITING_LOG_BYTES = Bound(
    _RECORDS,
    "bytes of log lines that wait to be written",
    1_048_576,
    "",
    "Further lines are dropped; once the log can be written again, a line says how many.",
)
LOG_SECONDS = Bound(
    _RECORDS,
    "seconds in which the last log lines are written when the server stops",
    5,
    "",
    "The server ends without them.",
)
JOURNAL_PAGE = Bound(
    _ADMIN,
    "entries of the journal in one JSON answer",
    1_000,
    "",
    "The oldest are returned; the answer's `next` reads on.",
)
PARTIES = Bound(
    _CALLS,
    "parties of one conference, including its owner",
    6,
    "",
    "An operation that would add another is refused; nothing has changed.",
)
USER_DATA_KEYS = Bound(
    _CALLS,
    "keys of a call's user data",
    1_000,
    "",
    "The operation is refused; the user data has not changed.",
)
USER_DATA_CHARACTERS = Bound(
    _CALLS,
    "characters of all keys and texts of a call's user data, with a few for every other value",
    65_536,
    "",
    "The operation is refused; the user data has not changed.",
)
CONTRACT_LEVELS = Bound(  # jsonschema-rs fails a little beyond that
    _FILES,
    "levels of nesting in a file of the contract",
    200,
    "",
    "The server does not start and names the file.",
)
YAML_LEVELS = Bound(
    _FILES,
    "levels of nesting in a YAML file",
    16,
    "",
    "The server does not start and names the file and the line.",
)
COMMIT = Bound(
    _ADMIN,
    "seconds in which git tells a checkout's commit",
    5,
    "",
    "`--version` and `/__admin/v1/info` call the commit unknown.",
)
FAULTS = Bound(_ADMIN, "faults that are armed at a time", 100, "", "HTTP 400 with statusCode 10.")
EXPECTATIONS = Bound(
    _ADMIN, "entries that one request may expect of the journal", 100, "", "HTTP 400 with statusCode 10."
)
HTTP_SESSIONS = Bound(
    _SESSIONS,
    "HTTP sessions of one agent",
    100,
    "",
    "The session that was idle for longest ends, and the log says so. If all are in use, the oldest ends, with its polls and WebSockets.",
)
HTTP_SESSION_IDLE = Bound(  # jetty.sessionMaxInactiveInterval (ConfigurationPremise, GWS 8.5.2)
    _SESSIONS,
    "seconds without a request, a held poll or an open WebSocket in an HTTP session",
    1800,
    "",
    "The session ends: its cookie is refused with HTTP 403 and statusCode 20.",
)
SNAPSHOTS = Bound(
    _SANDBOXES,
    "snapshots of one sandbox",
    16,
    "",
    "The oldest snapshot is dropped; to restore it is refused with HTTP 404, which lists those that are kept.",
)
SANDBOXES = Bound(
    _SANDBOXES,
    "sandboxes beside the main one",
    64,
    "--sandboxes N",
    "Another sandbox is refused with HTTP 503 and statusCode 13; none is dropped to make room.",
)
SANDBOX_IDLE = Bound(
    _SANDBOXES,
    "seconds without a request, a held poll or an open WebSocket in a sandbox",
    1800,
    "--sandbox-idle S",
    "The sandbox is dropped with everything in it; its name opens a new one.",
)
SEATS_BYTES = Bound(
    _SEATS,
    "bytes of the seats file",
    4_194_304,
    "",
    "The server does not start, exit code 4.",
)
COMETD_BODY = Bound(
    _COMETD,
    "bytes of a CometD request or of a WebSocket frame",
    65_536,
    "--limit body=N",
    "HTTP 413 with statusCode 10; a WebSocket is closed with 1009.",
)
COMETD_MESSAGES = Bound(
    _COMETD,
    "messages in one batch",
    100,
    "--limit messages=N",
    "HTTP 400 with statusCode 10; a WebSocket is closed with 1007.",
)
COMETD_DEPTH = Bound(
    _COMETD,
    "levels of nesting in a batch, including its own array",
    32,
    "--limit depth=N",
    "HTTP 400 with statusCode 10; a WebSocket is closed with 1007.",
)
COMETD_SESSIONS = Bound(
    _COMETD,
    "CometD sessions of one agent",
    50,
    "--limit sessions=N",
    "The handshake is refused with 403::Too many sessions and the advice to try again.",
)
COMETD_SUBSCRIPTIONS = Bound(
    _COMETD,
    "subscriptions of one session",
    100,
    "--limit subscriptions=N",
    "The subscribe is refused with 403::Too many subscriptions.",
)
COMETD_QUEUE = Bound(
    _COMETD,
    "messages that wait for one session, including those sent but not acknowledged",
    1_000,
    "--limit queue=N",
    "The session ends; its client gets 402::Too many messages were waiting.",
)
COMETD_SOCKETS = Bound(
    _COMETD,
    "open WebSockets of one agent",
    50,
    "--limit sockets=N",
    "The upgrade is refused with HTTP 503 and statusCode 13.",
)
COMETD_POLLS = Bound(
    _COMETD,
    "held polls of one browser and agent; 0 means no bound",
    1,
    "--limit polls=N",
    "Other sessions of the browser are answered at once, with the advice multiple-clients.",
)
COMETD_FAREWELLS = Bound(
    _COMETD,
    "forgotten sessions that are still told why",
    1_000,
    "",
    "The one forgotten first is told 402::Unknown client.",
)
