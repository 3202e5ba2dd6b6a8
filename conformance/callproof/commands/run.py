"""`callproof run`: certifies the server of a target file, or the reference server, which it starts as a process."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import platform
import random
import shutil
import sys
import traceback
import uuid
from argparse import Namespace
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from callproof.catalogue.loading import Suite
from callproof.catalogue.planning import GENERATED, NothingSelected, Plan, plan
from callproof.commands import results
from callproof.commands.contracts import contract_at
from callproof.commands.exits import (
    CALLS_LEFT,
    CLEAN,
    CONFIGURATION,
    INTERRUPTED,
    NOT_READY,
    SUITE_ERROR,
    Stopped,
    of_result,
    of_run_in_words,
)
from callproof.commands.interrupts import Interrupts
from callproof.commands.parsing import Parser, in_columns
from callproof.commands.sources import numbers_of, profiles_of, suite_on, target_in
from callproof.commands.streams import NotWritten, mask_errors
from callproof.contract.bundles import Contract
from callproof.json_values import Json
from callproof.not_written import FileNotWritten, in_one_sentence
from callproof.report import result, text
from callproof.report.formats import FORMATS
from callproof.report.report import Report
from callproof.runner import generated
from callproof.runner.embedded import NotStarted, embedded_server, local_target
from callproof.runner.events import Event, RunStarted, SuiteInfo, TargetInfo
from callproof.runner.ledger import Ledger, LedgerNotUsable
from callproof.runner.masking import redactor_for
from callproof.runner.runner import Interrupted, NotReady, Outside, Runner
from callproof.target.target import TRANSPORTS, Target
from callproof.validator.finding import printable
from callproof.validator.schemas import Schemas
from callproof.versions import Versions, versions

_INTERRUPTED = "interrupted, ending the calls; interrupt again to stop at once"
_EPILOG = f"""\
Without --target, callproof starts and certifies the reference server.
{results.what_is_written()}

With --transport auto, the agents' sessions use WebSocket if the server accepts
it. --transport and --acknowledge override what the target file says under
cometd.

A run takes about 10 s against the reference server. With the times that
callproof init writes, it takes a minute or two against another server, and
longer against a slow one.

{of_run_in_words()}
"""


class _Options(Namespace):
    target: str | None
    profile: list[str]
    select: list[str]
    out: Path
    strict: bool
    transport: str | None
    acknowledge: str | None
    seed: int | None
    list_only: bool
    contract: str | None


@dataclass(frozen=True)
class _Assignment:
    """What to do; read and checked before anything starts."""

    options: _Options
    suite: Suite
    contract: Contract
    made_from: Versions
    profiles: tuple[str, ...]
    seed: int

    def plan_for(self, target: Target) -> Plan:
        try:
            return plan(
                self.suite.scenarios,
                self.suite.flows,
                self.suite.unasked,
                profiles=self.profiles if self.options.profile else (),
                select=self.options.select,
                has=target.has,
                may_call=target.why_no_calls,
            )
        except NothingSelected as error:
            raise Stopped(str(error), CONFIGURATION) from None

    def asked_for(self, target: Target) -> Target:
        """The target, with the options of the command line in place of its own."""
        transport, acknowledge = self.options.transport, self.options.acknowledge
        return replace(
            target,
            transport=transport or target.transport,
            acknowledge=target.acknowledge if acknowledge is None else acknowledge == "on",
        )

    def started(self, target: Target) -> RunStarted:
        made_from = self.made_from
        offered = TargetInfo(
            target.product, target.product_version, target.base_url_hash, target.vendor, target.has
        )
        options: dict[str, Json] = {
            "strict": self.options.strict,
            "select": [*self.options.select],
            "transport": target.transport,
            "acknowledge": target.acknowledge,
        }
        return RunStarted(
            id=str(uuid.uuid4()),
            started=datetime.now(UTC).isoformat(timespec="seconds"),
            suite=SuiteInfo("callproof", made_from.product, made_from.commit, made_from.contract),
            target=offered,
            profiles=self.profiles,
            seed=self.seed,
            options=options,
            environment={"python": platform.python_version(), "system": platform.system()},
        )


def main(arguments: list[str]) -> int:
    """Run, write the reports, print the verdict; the code is that of the result. Raises Stopped."""
    options = _options(arguments)
    contract = contract_at(options.contract)
    suite = suite_on(contract)
    seed = random.randrange(2**31) if options.seed is None else options.seed  # noqa: S311  # repeatable test data, no secret
    assignment = _Assignment(
        options, suite, contract, versions(contract), profiles_of(options.profile, suite), seed
    )
    target = target_in(options.target, numbers_of(suite)) if options.target else None
    if target is not None:
        mask_errors(redactor_for(target).shown)
    # Planned before anything starts, so that a typing mistake is reported at once.
    planned = assignment.plan_for(assignment.asked_for(target or local_target(0)))
    if options.list_only:
        _print_plan(planned)
        return CLEAN
    return _carried_out(assignment, target, results.make_room(options.out))


def _carried_out(assignment: _Assignment, target: Target | None, ledger: Ledger) -> int:
    """Certify; whatever ends the run, end with code 7 and the command that ends its calls if any may be left. Raises Stopped."""
    options = assignment.options
    ending = results.how_to_end_calls(options.out, options.target)

    def last() -> tuple[str, int]:
        return ending, CALLS_LEFT if ledger.may_have_left_calls else INTERRUPTED

    with Interrupts("run", lambda: None, last, _INTERRUPTED) as interrupts:
        try:
            return asyncio.run(_certified(assignment, target, ledger, interrupts))
        except (NotReady, NotStarted) as error:
            raise Stopped(str(error), NOT_READY) from None
        except LedgerNotUsable as error:
            raise Stopped(str(error), CONFIGURATION) from None
        except FileNotWritten as error:
            raise Stopped(str(error), SUITE_ERROR) from None
        except (Interrupted, asyncio.CancelledError):
            raise Stopped("interrupted before anything was judged", INTERRUPTED) from None
        except Exception as error:
            if not ledger.may_have_left_calls:
                raise
            if not isinstance(error, NotWritten):
                traceback.print_exc()
            print(f"callproof run: {error}; {ending}", file=sys.stderr)
            return CALLS_LEFT
        finally:
            ledger.close()


async def _certified(
    assignment: _Assignment, target: Target | None, ledger: Ledger, interrupts: Interrupts
) -> int:
    """Run, write the reports and print the verdict; the code is that of the result."""
    options = assignment.options
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    assert task is not None
    interrupts.first = lambda: loop.call_soon_threadsafe(task.cancel)
    progress = text.Progress(sys.stderr, min(_columns(), text.WIDTH))
    try:
        progress.say("starting the reference server" if target is None else f"logging in at {target.host}")
        async with embedded_server() if target is None else contextlib.nullcontext(target) as server:
            reached = assignment.asked_for(server)
            planned = assignment.plan_for(reached)
            progress.expect(len(planned.plays) + planned.generated)
            outside = Outside(
                reached,
                Schemas(assignment.contract.openapi, assignment.contract.asyncapi),
                {requirement.id: requirement.level for requirement in assignment.suite.catalogue},
                ledger=ledger,
                transcript_file=options.out / results.TRANSCRIPT,
                openapi=assignment.contract.openapi,
                embedded=target is None,
            )
            runner = Runner(planned, outside, assignment.started(reached))
            mask_errors(runner.transcript.redactor.shown)
            interrupts.first = lambda: loop.call_soon_threadsafe(runner.interrupt)
            told: list[Event] = []
            async for event in runner.events():
                told.append(event)
                progress.tell(event)
    finally:
        progress.end()
    document = result.build(told, assignment.suite.catalogue, exit_code=of_result)
    report = Report.of(document, [entry.as_json() for entry in runner.transcript.entries])
    failures = (*runner.failures, *results.write(report, options.out))
    _print_report(report, options, is_written=not failures)
    return _said(report, failures, options)


def _said(report: Report, failures: Sequence[FileNotWritten], options: _Options) -> int:
    """Say what must not be overlooked, and return the exit code: 6 if a file was not written, unless calls may be left."""
    if failures:
        print(f"callproof run: {in_one_sentence(failures)}", file=sys.stderr)
    if not report.cleaned:
        print(f"callproof run: {results.how_to_end_calls(options.out, options.target)}", file=sys.stderr)
    is_first = report.exit_code in (CALLS_LEFT, INTERRUPTED)
    return SUITE_ERROR if failures and not is_first else report.exit_code


# What is said ----------------------------------------------------------------------------------------------------------


def _print_report(report: Report, options: _Options, *, is_written: bool) -> None:
    shown = text.render(
        report,
        width=max(60, min(_columns(), 120)) if sys.stdout.isatty() else text.WIDTH,
        colour=text.wants_colour(sys.stdout),
        plain_ascii=not text.can_draw(sys.stdout),
        files={format.name: str(options.out / format.file) for format in FORMATS} if is_written else {},
    )
    print(shown, end="", flush=True)


def _columns() -> int:
    return shutil.get_terminal_size().columns


def _print_plan(planned: Plan) -> None:
    rows = [(GENERATED, generated.TITLE)] if planned.generated else []
    rows += [(play.scenario.id, play.scenario.title) for play in planned.plays]
    rows += [(left.scenario.id, f"left out: {printable(left.reason)}") for left in planned.left_out]
    print(in_columns(rows, sys.stdout), end="")
    print(
        f"{len(planned.plays) + planned.generated} scenarios to play, {len(planned.left_out)} left out",
        file=sys.stderr,
    )


# Options ---------------------------------------------------------------------------------------------------------------


def _options(arguments: list[str]) -> _Options:
    parser = Parser("run", "Certify a server against the contract.", _EPILOG)
    add = parser.add_argument
    add("--target", metavar="FILE", help="the file of the server to certify; see callproof init")
    parser.takes_several("--profile", "P", "judge only this profile; repeatable")
    chosen = "play only these scenarios, or those that prove this requirement; repeatable"
    parser.takes_several("--select", "GLOB", chosen)
    where = "where to write (default: results)"
    add("--out", type=_folder, default=Path("results"), metavar="DIR", help=where)
    add("--transport", choices=TRANSPORTS, help="how notifications travel (default: long-polling)")
    add("--acknowledge", choices=("on", "off"), help="have lost notifications resent (default: off)")
    add("--strict", action="store_true", help="exit with code 3 if there are warnings")
    add("--seed", type=int, metavar="N", help="repeat the random choices of the run with this seed")
    add("--list-only", action="store_true", help="list what would be played, and stop")
    parser.takes_contract()
    return parser.parse_args(arguments, namespace=_Options())


def _folder(name: str) -> Path:
    if not name.strip():
        raise argparse.ArgumentTypeError("the name of the folder is empty")
    return Path(name)
