"""The exit codes of the command line and their meaning, and how a command stops early. Only `cli` ends the process with them."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from callproof.json_values import Json

CLEAN = 0  # everything was judged, without findings; of a run: conformant
FINDINGS = 1  # judged, with findings; of a run: not conformant
NOT_JUDGED = 2  # not everything was judged; of a run: undetermined
WARNINGS = 3  # `run --strict`: nothing but warnings
CONFIGURATION = 4  # `run` and its companions: bad usage, bad file, a missing extra
NOT_READY = 5  # nothing could be judged: the server is unreachable, differs from its file, or is not idle
SUITE_ERROR = 6  # the suite itself is at fault, or could not write; what it says is no certificate
CALLS_LEFT = 7  # calls that a run made may still be up
INTERRUPTED = 130

#: The exit codes of `run`, each with its meaning: where several apply, the first counts. The README has the same table.
OF_RUN = {
    CALLS_LEFT: "calls may still be up; the command that ends them was printed",
    INTERRUPTED: "interrupted; the calls were ended, the report is marked incomplete",
    SUITE_ERROR: "the suite itself failed, or could not write a file",
    FINDINGS: "not conformant: a MUST was violated, on evidence",
    NOT_JUDGED: "undetermined: something that was asked for could not be judged",
    WARNINGS: "only warnings, and --strict",
    CLEAN: "conformant; with --select: everything selected was judged and met",
}
#: The exit codes that end a run before anything is judged.
BEFORE_A_RUN = {
    CONFIGURATION: "the command or a file is wrong",
    NOT_READY: "the server cannot be judged: unreachable, other than its file, or busy",
}


def of_run_in_words() -> str:
    """The exit codes of `run` for its help."""
    lines = ["exit codes, where several apply, the first:"]
    lines += [f"  {code:3}  {meaning}" for code, meaning in OF_RUN.items()]
    lines += ["", "before anything is judged:"]
    return "\n".join([*lines, *(f"  {code:3}  {meaning}" for code, meaning in BEFORE_A_RUN.items())])


class Stopped(Exception):
    """A command cannot continue: one sentence for a person, with the remedy, and the exit code."""

    def __init__(self, sentence: str, code: int) -> None:
        self.sentence = sentence
        self.code = code
        super().__init__(sentence)


def of_result(document: Mapping[str, Json]) -> int:
    """The exit code of a finished result document: the first of `OF_RUN` that applies."""
    from callproof.json_values import as_object, objects_in  # `callproof --version` imports nothing
    from callproof.judge.verdicts import EXECUTED, GOOD

    run = as_object(document.get("run"))
    scenarios = objects_in(document.get("scenarios"))
    checks = {check.get("verdict") for played in scenarios for check in objects_in(played.get("checks"))}
    profiles = {profile.get("verdict") for profile in objects_in(document.get("profiles"))}
    counted = {
        item.get("verdict") for item in objects_in(document.get("requirements")) if item.get("counted")
    }
    options = as_object(run.get("options"))
    # A part never makes a profile conformant, but who asks for a part asks whether that part is met.
    is_part = bool(options.get("select")) and not any(played.get("left_out") for played in scenarios)
    is_met = profiles == {"conformant"} or (is_part and counted <= GOOD | {"not-tested"})
    applies = {
        CALLS_LEFT: not as_object(document.get("cleanup")).get("complete"),
        INTERRUPTED: run.get("interrupted"),
        SUITE_ERROR: "error" in checks or run.get("failed"),
        FINDINGS: "not-conformant" in profiles or "fail" in counted,
        NOT_JUDGED: not is_met or not run.get("complete") or EXECUTED.isdisjoint(checks),
        WARNINGS: options.get("strict") and "warn" in checks,
        CLEAN: True,
    }
    return next(code for code in OF_RUN if applies[code])


#: The exit codes of `listen`, each with its meaning: where several apply, the first counts. docs/bayeux-libraries.md has the same table.
OF_LISTEN = {
    SUITE_ERROR: "the output could not be written",
    CONFIGURATION: "the command, a file or a variable is wrong",
    NOT_READY: "the server cannot be listened to: it refuses, or ends the session for good",
    FINDINGS: "at least one notification breaks the contract",
    NOT_JUDGED: "no notification arrived that the contract describes",
    CLEAN: "every notification that was judged agrees with the contract",
}


def of_listen_in_words() -> str:
    """The exit codes of `listen` for its help."""
    lines = ["exit codes, where several apply, the first, after Ctrl-C, --count or --for:"]
    return "\n".join([*lines, *(f"  {code:3}  {meaning}" for code, meaning in OF_LISTEN.items())])


#: The exit codes of `contract bundle`, each with its meaning. docs/contract.md has the same table.
OF_BUNDLE = {
    CLEAN: "the bundles were written",
    FINDINGS: "the sources have faults, each printed with its place; nothing was written",
    CONFIGURATION: "the command is wrong, SOURCE has no contract, or DIR cannot be written",
}
#: The exit codes of `contract diff`, each with its meaning. docs/contract.md has the same table.
OF_DIFF = {
    CLEAN: "nothing breaks",
    FINDINGS: "something breaks, or may break",
    NOT_JUDGED: "not comparable: unreadable, no bundles, or halves that do not match",
    CONFIGURATION: "the command is wrong",
}


def of_bundle_in_words() -> str:
    """The exit codes of `contract bundle` for its help."""
    return _in_words(OF_BUNDLE)


def of_diff_in_words() -> str:
    """The exit codes of `contract diff` for its help."""
    return _in_words(OF_DIFF)


def _in_words(codes: Mapping[int, str]) -> str:
    return "\n".join(["exit codes:", *(f"  {code:3}  {meaning}" for code, meaning in codes.items())])
