"""Every bound of the suite and the validator: its number, what sets it, what happens at it.

`make limits` makes docs/limits.md from these rows. A bound stands here and nowhere else; code reads its `default`. How much of a value
a message shows is not a bound. This module imports nothing, because users of `callproof check` in a commit hook feel its start-up time.
"""

from __future__ import annotations

_CHECK = "What `check` reads"
_CONTRACT = "What a contract may hold (`--contract`)"
_DIFF = "What `contract diff` compares"
_SOURCES = "What `contract bundle` reads"
_YAML = "What a YAML file may hold (a target file, a scenario)"
_TARGET = "The target file"
_WIRE = "What a server sends to `run` and `listen`"
_RUN = "How `run` goes on and ends"
_SECRETS = "What is masked as secret"


class Bound:
    """One bound, as a row of docs/limits.md."""

    def __init__(self, area: str, subject: str, default: int, option: str, consequence: str) -> None:
        """Keep a row.

        `area` is the heading that it stands under, `subject` what is bounded, with its unit ("bytes of an answer's body"), `default` the
        number in that unit, `option` what sets it (an option or a key of the target file; empty if nothing does), `consequence` one
        sentence on what happens at the bound.
        """
        self.area = area
        self.subject = subject
        self.default = default
        self.option = option
        self.consequence = consequence


FILE = Bound(
    _CHECK,
    "bytes of one JSON document",
    64 * 1024 * 1024,
    "",
    "The file is left out and named, with the advice to write one message per line; exit code 2 unless there are findings.",
)
LINES = Bound(
    _CHECK,
    "bytes of a file with one document per line (NDJSON)",
    1024 * 1024 * 1024,
    "",
    "What stands before is judged; the file is named as left out; exit code 2 unless there are findings.",
)
LINE = Bound(
    _CHECK,
    "bytes of one line of such a file",
    16 * 1024 * 1024,
    "",
    "What stands before is judged; the file is named as left out; exit code 2 unless there are findings.",
)
LINE_COUNT = Bound(
    _CHECK,
    "lines of such a file",
    2_000_000,
    "",
    "What stands before is judged; the file is named as left out; exit code 2 unless there are findings.",
)
VALUES = Bound(
    _CHECK,
    "values in one JSON document",
    4_000_000,
    "",
    "The file is left out and named, with the advice to write one message per line; exit code 2 unless there are findings.",
)
DEEPEST = Bound(
    _CHECK,
    "levels of arrays and objects in a payload",
    200,
    "",
    "A finding (rule json) at the first bracket beyond.",
)
DIGITS = Bound(
    _CHECK,
    "digits of an integer in a payload",
    4300,
    "",
    "A finding (rule json) at the number.",
)
ENTRIES = Bound(
    _CHECK,
    "files and folders below one folder",
    100_000,
    "",
    "The folder is named as not wholly read; exit code 2 unless there are findings.",
)
FINDINGS = Bound(
    _CHECK,
    "findings about one message",
    10_000,
    "",
    "The rest of the message is not judged, and a note says so.",
)
ALIKE = Bound(
    _CHECK,
    "findings alike in one file that have lines of their own",
    10,
    "",
    "The others are counted on the last of these lines. Alike are findings of one rule at one path, whatever the indexes in it.",
)
SHOWN = Bound(
    _CHECK,
    "lines about findings",
    1000,
    "--max-findings N",
    "Further findings are counted, and the summary says how many are not shown.",
)
GUESSES = Bound(
    _CHECK,
    "comparisons of an unknown word with a known one, in one file",
    50_000,
    "",
    "Later findings come without a suggestion, and misspelled optional members are no longer noticed; a note says so.",
)
WORD = Bound(
    _CHECK,
    "characters of a word that is compared with known ones",
    60,
    "",
    "The finding comes without a suggestion.",
)
NAMED = Bound(
    _CHECK,
    "inputs left out that are named",
    1000,
    "",
    "Further ones are counted.",
)
BUNDLE = Bound(
    _CONTRACT,
    "bytes of one bundle",
    64 * 1024 * 1024,
    "",
    "The command ends, naming the bundle; exit code 2 from `check`, 4 from the others.",
)
DIFF_DEEPEST = Bound(
    _DIFF,
    "levels of schemas within each other, and references that lead to references",
    100,
    "",
    "The contracts are not compared; exit code 2.",
)
DIFF_SCHEMAS = Bound(
    _DIFF,
    "pairs of schemas, one for each place at which a pair is found",
    500_000,
    "",
    "The contracts are not compared; exit code 2.",
)
SOURCE_FILES = Bound(
    _SOURCES,
    "files of a contract",
    20_000,
    "",
    "The contract is not bundled; exit code 1.",
)
SOURCE_BYTES = Bound(
    _SOURCES,
    "bytes of one file of a contract",
    8 * 1024 * 1024,
    "",
    "The contract is not bundled, and the file is named; exit code 1.",
)
SOURCE_DEEPEST = Bound(
    _SOURCES,
    "levels of nesting in one file of a contract",
    100,
    "",
    "The contract is not bundled, and the file is named; exit code 1.",
)
YAML_DEEPEST = Bound(
    _YAML,
    "levels of nesting",
    30,
    "",
    "The file is refused, with the line.",
)

_BAYEUX = "How the Bayeux client of `run` and `listen` waits"

ANSWER = Bound(
    _BAYEUX,
    "seconds for an answer, beside those that the server holds a connect",
    10,
    "timing.http_timeout_s",
    "The message counts as lost, and the client sends it again after a pause.",
)
OPENING = Bound(
    _BAYEUX,
    "seconds for the first opening and the first answer of a transport, while another one is left to try",
    5,
    "",
    "The client tries the next transport at once.",
)
ADVISED_TIMEOUT = Bound(
    _BAYEUX,
    "seconds of an advised `timeout`",
    600,
    "",
    "A connect that is held longer counts as lost, and the client sends another.",
)
ADVISED_INTERVAL = Bound(
    _BAYEUX,
    "seconds of an advised `interval`",
    600,
    "",
    "The client waits this long and no longer.",
)
PAUSE = Bound(
    _BAYEUX,
    "seconds that each failure in a row adds to the pause; also the seconds between connects that bring nothing",
    1,
    "",
    "In the library, `Session(backoff_increment_s=...)` sets it. The client waits before it tries again, whatever the server advises.",
)
LONGEST_PAUSE = Bound(
    _BAYEUX,
    "seconds of the pause after failures",
    60,
    "",
    "In the library, `Session(backoff_limit_s=...)` sets it. The pause grows no further.",
)
QUIET_CONNECTS = Bound(
    _BAYEUX,
    "connects in a row that a server may answer without an event before the client keeps them apart",
    3,
    "",
    "Connects begin at least one pause apart until an event arrives. A server that holds connects does not notice.",
)
CONNECTS_PER_SECOND = Bound(
    _BAYEUX,
    "connects in a second while events arrive",
    50,
    "",
    "The next connect waits for its turn; events that were queued meanwhile arrive together.",
)
WAITING_EVENTS = Bound(
    _BAYEUX,
    "events that wait to be read from a session",
    1_000,
    "",
    "In the library, `Session(most_waiting=...)` sets it. Reading from the server pauses; the server's own limit applies.",
)
REMEMBERED_IDS = Bound(
    _BAYEUX,
    "ids of lost messages, and of past sessions, that a session remembers",
    1_000,
    "",
    "The oldest is forgotten; a reply to it is reported as one to nothing.",
)
FAREWELL = Bound(
    _BAYEUX,
    "seconds for the answer to a disconnect, and again for the end of the held connect",
    2,
    "",
    "In the library, `Session.leave(limit_s=...)` sets it. The connection is closed without waiting further.",
)

ANSWER_BYTES = Bound(
    _WIRE,
    "bytes of an answer's body, before and after decompression, and of a WebSocket frame",
    8 * 1024 * 1024,
    "limits.answer_bytes",
    "The rest is not read, and the connection is closed; what depends on the answer is undetermined.",
)
HEAD_BYTES = Bound(
    _WIRE,
    "bytes of an answer's head, interim answers included",
    64 * 1024,
    "limits.head_bytes",
    "The rest is not read, and the connection is closed; what depends on the answer is undetermined.",
)
HEADERS = Bound(
    _WIRE,
    "headers of an answer",
    200,
    "",
    "The answer is not used; what depends on it is undetermined.",
)
MESSAGES_PER_DELIVERY = Bound(
    _WIRE,
    "Bayeux messages in one answer or frame",
    1_000,
    "limits.messages_per_delivery",
    "The delivery is not used, and the session counts as interrupted; what depends on it is undetermined.",
)
MESSAGES_PER_SCENARIO = Bound(
    _WIRE,
    "Bayeux messages that one agent receives during one scenario",
    5_000,
    "limits.messages_per_scenario",
    "Later messages are dropped until the next scenario; what depends on them is undetermined.",
)
TRANSCRIPT_BYTES = Bound(
    _WIRE,
    "bytes of a run's transcript",
    128 * 1024 * 1024,
    "limits.transcript_bytes",
    "Later entries keep their ids and lose their contents; the run ends, and what it did not judge is undetermined.",
)
RETRY_AFTER_S = Bound(
    _WIRE,
    "seconds that a run waits in all because of Retry-After",
    120,
    "limits.retry_after_s",
    "The answer is taken as it is: HTTP 429 or 503.",
)
PAUSE_S = Bound(
    _WIRE,
    "seconds of one Retry-After",
    60,
    "",
    "A longer one is not waited for: the answer is taken as it is.",
)
TRIES_WHEN_LIMITED = Bound(
    _WIRE,
    "times that a request is sent because of Retry-After",
    3,
    "",
    "The last answer is taken as it is.",
)
ANSWER_DEPTH = Bound(
    _WIRE,
    "levels of nesting in a JSON body",
    200,
    "",
    "The body is not used; what depends on it is undetermined.",
)
ANSWER_DIGITS = Bound(
    _WIRE,
    "digits of an integer in a JSON body",
    4300,
    "",
    "The body is not used; what depends on it is undetermined.",
)
IDLE_CONNECTIONS = Bound(
    _WIRE,
    "idle connections that an agent keeps",
    8,
    "",
    "The oldest is closed.",
)
IDLE_S = Bound(
    _WIRE,
    "seconds that an idle connection is kept",
    2,
    "",
    "It is closed before the server does it: many close it after five seconds, some during a write.",
)
UNREAD_BYTES = Bound(
    _WIRE,
    "bytes of a WebSocket that the server has not read, such as answers to its pings",
    1024 * 1024,
    "",
    "The connection is cut, and the session begins again; what depends on it is undetermined.",
)
GOODBYE_S = Bound(
    _WIRE,
    "seconds for the server to answer the closing of a WebSocket",
    2,
    "",
    "The connection is cut.",
)
BACKOFF_S = Bound(
    _WIRE,
    "seconds between two attempts of an agent's session during a run",
    10,
    "",
    "The session tries again at this pace, so that a server that comes back is found soon.",
)

TARGET_FILE = Bound(
    _TARGET,
    "bytes of a target file",
    256 * 1024,
    "",
    "The file is refused; exit code 4.",
)

TEARDOWN = Bound(
    _RUN,
    "seconds in which an interrupted run ends its calls",
    10,
    "`timing.teardown_s`",
    "Every call that was not seen to end is named, with the command that ends it; exit code 7.",
)
COMMIT = Bound(
    _RUN,
    "seconds in which git tells a checkout's commit",
    5,
    "",
    "`--version` and the reports call the commit unknown.",
)
SECOND_INTERRUPT = Bound(
    _RUN,
    "seconds in which a second interruption ends the process",
    2,
    "",
    "The process ends; if calls may be left, it has printed the command that ends them.",
)
SAME_MOMENT = Bound(
    _RUN,
    "seconds by which `cleanup` lets the age of a call without a known id differ from that of its request",
    10,
    "",
    "The call may be somebody else's: it is left up and named; exit code 7.",
)
RUN_FAREWELL = Bound(
    _RUN,
    "seconds for each farewell to a CometD server",
    5,
    "",
    "The session is left without its answer; the server drops it by itself.",
)
SCENARIO = Bound(
    _RUN,
    "seconds of one scenario",
    120,
    "`timing.time_factor` multiplies it",
    "Its calls are ended; what it had not shown by then is not judged.",
)
WITHOUT_CONNECTION = Bound(
    _RUN,
    "scenarios in a row without a connection",
    3,
    "",
    "The run ends; what it did not play is not judged.",
)
EMBEDDED_START = Bound(
    _RUN,
    "seconds in which the reference server starts",
    30,
    "",
    "The run ends before anything is judged; exit code 5 with the server's output.",
)
EMBEDDED_STOP = Bound(
    _RUN,
    "seconds in which the reference server stops",
    5,
    "",
    "Its process is killed.",
)
LEDGER_BYTES = Bound(
    _RUN,
    "bytes of one ledger that `cleanup` reads",
    16 * 1024 * 1024,
    "",
    "The ledger is named as one that cannot be read; exit code 7.",
)

SECRET_INSIDE = Bound(
    _SECRETS,
    "characters of a secret that is found anywhere",
    6,
    "",
    "A shorter one is masked only as a whole word, or as a whole value.",
)
SECRET_READINGS = Bound(
    _SECRETS,
    "ways of undoing escapes in which a text is searched for secrets",
    24,
    "",
    "Further ways are not tried.",
)
SECRET_WORD = Bound(
    _SECRETS,
    "characters of a secret that is found as a word",
    3,
    "",
    "A shorter one is masked only where it is a whole value.",
)
SECRETS_LEARNED = Bound(
    _SECRETS,
    "cookies, session ids and tokens of a server that are recognised at a time",
    1000,
    "",
    "The oldest one is then masked only beside its name.",
)
ENCODINGS = Bound(
    _SECRETS,
    "layers of escapes (JSON, percent, HTML) within each other",
    4,
    "",
    "A secret in a deeper layer is not recognised.",
)
