"""The Python stubs: importable, clean for mypy --strict, and a server is filling in their methods."""

from __future__ import annotations

import asyncio
import importlib
import json
import subprocess
import sys
from pathlib import Path
from textwrap import dedent
from types import ModuleType

import pytest

from callproof.stubs import UnknownLanguage, render
from callproof.stubs.schemas import JsonObject

from .small_bundles import ASYNCAPI, OPENAPI

CHECKOUT = Path(__file__).parents[3]
FILES = ("__init__.py", "bodies.py", "notifications.py", "operations.py", "resources.py")


def real_bundles() -> tuple[JsonObject, JsonObject]:
    openapi, asyncapi = (
        json.loads((CHECKOUT / "dist" / name).read_text()) for name in ("openapi.json", "asyncapi.json")
    )
    return openapi, asyncapi


def written(folder: Path, files: dict[str, str]) -> Path:
    folder.mkdir()
    for name, text in files.items():
        (folder / name).write_text(text)
    return folder


def mypy(folder: Path) -> tuple[int, str]:
    """What mypy --strict says of everything in the folder, in its own words without the summary."""
    run = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--config-file", "", "--no-error-summary", "."],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    return run.returncode, run.stdout


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return written(tmp_path / "gws", render("python", OPENAPI, ASYNCAPI))


@pytest.fixture
def imported(small: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(small.parent))
    for name in [name for name in sys.modules if name.partition(".")[0] == "gws"]:
        monkeypatch.delitem(sys.modules, name)
    return importlib.import_module("gws")


def test_the_stubs_are_one_package_of_five_modules() -> None:
    assert tuple(render("python", OPENAPI, ASYNCAPI)) == FILES


def test_the_same_bundles_give_the_same_text() -> None:
    assert render("python", *real_bundles()) == render("python", *real_bundles())


def test_openapi_31_gives_the_same_stubs_as_30() -> None:
    _, asyncapi = real_bundles()
    openapi31 = json.loads((CHECKOUT / "dist/openapi-3.1.json").read_text())
    assert render("python", openapi31, asyncapi) == render("python", *real_bundles())


def test_a_request_body_is_a_typed_dict_with_its_tag(imported: ModuleType) -> None:
    body = imported.bodies.InitiateConference
    assert body.__required_keys__ == {"operationName", "destination"}
    assert str(body.__annotations__["operationName"]) == "typing.Literal['InitiateConference']"


def test_members_that_need_not_be_there_are_not_required(imported: ModuleType) -> None:
    call = imported.resources.Call
    assert (call.__required_keys__, call.__optional_keys__) == (
        {"id", "state", "capabilities"},
        {"userData", "device", "parent"},
    )


def test_a_member_that_is_a_word_of_python_keeps_its_name(imported: ModuleType) -> None:
    assert imported.resources.CallDevice.__required_keys__ == {"in"}


def test_a_forbidden_member_is_not_offered(imported: ModuleType) -> None:
    assert set(imported.resources.Accepted.__annotations__) == {"statusCode"}


def test_the_documented_words_of_an_open_list_are_listed(small: Path) -> None:
    assert (
        "# An operation. Documented: Hold, Retrieve.\nCapability: TypeAlias = str\n"
        in (small / "resources.py").read_text()
    )


def test_what_the_server_sends_is_one_union_and_meta_messages_are_left_to_bayeux_libraries(
    imported: ModuleType,
) -> None:
    notifications = imported.notifications
    assert notifications.Notification == notifications.ErrorMessage | notifications.StatusChange
    assert not hasattr(notifications, "ConnectRequest")


SERVER = """
    from gws import bodies, operations, resources


    class Agent:
        def __init__(self) -> None:
            self.asked: list[str] = []

        async def Hold(self, call_id: resources.CallId, body: bodies.Hold) -> operations.CallOperationAnswer:
            self.asked.append(f"{body['operationName']} {call_id}")
            return {"statusCode": 0}

        async def InitiateConference(
            self, call_id: resources.CallId, body: bodies.InitiateConference
        ) -> operations.CallOperationAnswer:
            self.asked.append(f"{body['operationName']} {call_id} {body['destination']['phoneNumber']}")
            return {"statusCode": 0}


    agent = Agent()
    table: operations.CallOperationTable = operations.call_operation_table(agent)


    async def post(call_id: str, body: bodies.CallOperation) -> operations.CallOperationAnswer:
        return await operations.perform_call_operation(agent, call_id, body)
"""


def test_a_server_is_its_methods(small: Path, imported: ModuleType) -> None:
    server: dict[str, object] = {}
    exec(dedent(SERVER), server)
    body = {"operationName": "InitiateConference", "destination": {"phoneNumber": "15002"}}
    answer = asyncio.run(server["post"]("A9", body))  # type: ignore[operator]  # what exec defines has no type
    assert answer == {"statusCode": 0}
    assert server["agent"].asked == ["InitiateConference A9 15002"]  # type: ignore[attr-defined]  # as above


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("", "", None),
        (
            "async def Hold",
            "async def Holds",
            '"Agent" is missing following "CallOperations" protocol member',
        ),
        (
            "body['destination']['phoneNumber']",
            "body['destination']['number']",
            'TypedDict "Destination" has no key "number"',
        ),
        (
            'return {"statusCode": 0}',
            'return {"statusCode": 1}',
            'Incompatible types (expression has type "Literal[1]"',
        ),
    ],
)
def test_a_type_checker_takes_the_right_server_and_refuses_the_wrong_one(
    small: Path, old: str, new: str, complaint: str | None
) -> None:
    (small.parent / "server.py").write_text(dedent(SERVER).replace(old, new) if old else dedent(SERVER))
    status, said = mypy(small.parent)
    assert status == (1 if complaint else 0)
    assert (complaint or "") in said


def test_the_stubs_of_the_contract_are_clean_for_mypy_and_not_reformatted_by_ruff(tmp_path: Path) -> None:
    folder = written(tmp_path / "stubs", render("python", *real_bundles()))
    assert mypy(tmp_path) == (0, "")
    run = subprocess.run(
        [
            sys.executable,
            "-m",
            "ruff",
            "format",
            "--isolated",
            "--line-length",
            "110",
            "--check",
            str(folder),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout


def test_bundles_without_any_operation_give_empty_modules() -> None:
    empty: JsonObject = {"info": {"version": "0"}, "paths": {}}
    files = render("python", empty, {"operations": {}})
    assert tuple(files) == FILES
    for text in files.values():
        compile(text, "stub", "exec")


def test_an_unknown_language_is_refused_with_the_known_ones() -> None:
    with pytest.raises(UnknownLanguage, match="there are no stubs for cobol: ask for python or typescript"):
        render("cobol", OPENAPI, ASYNCAPI)


def test_a_resource_with_two_addresses_gets_one_set_of_methods_and_an_id_by_the_name_of_its_schema() -> None:
    paths = OPENAPI["paths"]
    assert isinstance(paths, dict)
    twice = {**OPENAPI, "paths": {**paths, "/calls/{id}": paths["/me/calls/{id}"]}}
    text = render("python", twice, ASYNCAPI)["operations.py"]
    assert text.count("class CallOperations(Protocol)") == 1
    assert "call_id: resources.CallId" in text
    assert "device_id: str" in text
