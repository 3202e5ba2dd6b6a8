"""The examples of the real contract: recorded again, they are the same; and other people's tools reach every endpoint with them."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import schemathesis

from callproof.bundling.sources import Contract as Sources
from callproof.bundling.sources import read_contract
from callproof.bundling.values import Json, walk
from refswitch.contract import Contract, load_contract
from tools.examples.__main__ import main
from tools.examples.desk import Desk, NotAsPlanned
from tools.examples.files import texts, write
from tools.examples.flows import FLOWS, Flow
from tools.examples.recording import Recording, record

pytestmark = pytest.mark.slow

CHECKOUT = Path(__file__).parents[2]
CONTRACT: Contract = load_contract()


@cache
def written() -> Sources:
    """The contract's files."""
    return read_contract(CHECKOUT)


def test_a_recording_does_not_depend_on_the_flows_before_it() -> None:
    """A flow begins with no calls, no sessions and the first ids, so its answers are the same whatever was played before it."""
    last = next(flow for flow in FLOWS if flow.name == "a-conference")
    made = texts(record(written(), [last]))
    for path in sorted(made):
        if path.endswith("ParticipantsUpdated/Established.json") or "/CompleteConference/" in path:
            assert made[path] == (CHECKOUT / path).read_text(encoding="utf-8"), path


def test_a_stale_a_missing_and_a_forgotten_file_are_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for half in ("openapi", "asyncapi"):
        shutil.copytree(CHECKOUT / half, tmp_path / half)
    folder = tmp_path / "openapi/examples/recorded"
    (folder / "Answer/request.json").unlink()
    (folder / "Hold/request.json").write_text("{}")
    (folder / "Park.json").write_text("{}")
    assert main(["check"], tmp_path) == 1
    assert capsys.readouterr().out.splitlines() == [
        f"openapi/examples/recorded/{name}.json: stale; run make examples"
        for name in ("Answer/request", "Hold/request", "Park")
    ]


def test_files_that_are_made_no_longer_are_removed(tmp_path: Path) -> None:
    folder = "openapi/examples/recorded"
    write(tmp_path, {f"{folder}/a.json": "1", f"{folder}/b.json": "2"})
    assert write(tmp_path, {f"{folder}/b.json": "3"}) == [f"{folder}/a.json", f"{folder}/b.json"]
    assert [(file.name, file.read_text()) for file in (tmp_path / folder).iterdir()] == [("b.json", "3")]


async def hold_what_is_not_there(desk: Desk) -> None:
    await desk.alice.operate("01RCC3N118B1V0SL8O7GK2LAES00001A", "Hold")


async def read_and_expect_a_refusal(desk: Desk) -> None:
    await desk.alice.ask("readMe", because="there is nobody")


@pytest.mark.parametrize("play", [hold_what_is_not_there, read_and_expect_a_refusal])
def test_a_flow_that_the_server_does_not_follow_is_named_with_its_step(play: Any) -> None:
    flow = Flow(play)
    with pytest.raises(
        NotAsPlanned, match=f"^{flow.name}: (operateOnCall|readMe) .* was answered (404|200) "
    ):
        record(written(), [flow])


async def hold_twice(desk: Desk) -> None:
    for _ in range(2):
        await desk.alice.operate("01RCC3N118B1V0SL8O7GK2LAES00001A", "Hold", because="nobody calls")


def test_two_examples_of_one_name_are_refused() -> None:
    with pytest.raises(NotAsPlanned, match=r"refused/6-Hold\.json was recorded already"):
        texts(record(written(), [Flow(hold_twice)]))


def test_nothing_is_recorded_that_shows_nothing_new() -> None:
    async def play(desk: Desk) -> None:
        for _ in range(2):
            await desk.alice.ask("readVersion")
            await desk.alice.on_device("DoNotDisturbOn")
            await desk.alice.on_device("DoNotDisturbOff")

    recording: Recording = record(written(), [Flow(play)])
    assert [example.schema for example in recording.examples] == [
        "DoNotDisturbOff"
    ]  # the other two are documented


def test_each_operation_is_an_example_by_its_name_wherever_it_is_posted() -> None:
    openapi: Any = CONTRACT.openapi
    for name, content in requests(openapi):
        schema = openapi["components"]["schemas"][content["schema"]["$ref"].rpartition("/")[2]]
        operations = schema["discriminator"]["mapping"]
        examples = content["examples"]
        shown = {key: value["value"]["operationName"] for key, value in examples.items()}
        assert set(operations) == set(shown.values()), name
        for key, operation in shown.items():
            assert examples[key]["summary"].startswith(operation), (name, key)


def requests(openapi: Any) -> list[tuple[str, Any]]:
    return [
        (operation["operationId"], operation["requestBody"]["content"]["application/json"])
        for item in openapi["paths"].values()
        for operation in item.values()
        if isinstance(operation, dict) and "requestBody" in operation
    ]


def test_what_is_recorded_says_so_and_no_fact_rests_on_it() -> None:
    openapi: Any = CONTRACT.openapi
    recorded: list[Any] = []
    facts: list[Any] = []
    for tokens, value in walk(openapi):
        if isinstance(value, dict) and value.get("x-basis") == "recorded":
            (recorded if "examples" in tokens else facts).append(value)
    assert recorded
    assert not facts
    assert all(str(one["summary"]).endswith("(recorded from refswitch)") for one in recorded)
    asyncapi: Any = CONTRACT.asyncapi
    shown: list[Json] = [
        example["name"]
        for message in asyncapi["components"]["messages"].values()
        for example in message["examples"]
        if example["summary"].endswith("(recorded from refswitch)")
    ]
    assert "StatusChange-Ringing" in shown
    assert "InitiateConference-1-held" not in shown


def test_a_fuzzer_has_an_example_for_every_endpoint_that_takes_anything() -> None:
    """schemathesis tries an endpoint in its examples phase if a parameter or the body has an example. Two endpoints take neither."""
    schema = schemathesis.openapi.from_dict(dict(CONTRACT.openapi))
    tried: set[str] = set()
    untried: set[str] = set()
    found: list[Any] = list(schema.get_all_operations())
    for operation in (result.ok() for result in found):
        (tried if operation.get_strategies_from_examples() else untried).add(operation.label)
    assert untried == {"GET /settings/agent-states", "GET /diagnostics/version"}
    assert len(tried | untried) == sum(
        method in item for item in schema.raw_schema["paths"].values() for method in ("get", "post")
    )
