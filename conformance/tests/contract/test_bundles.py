"""The suite finds the contract's bundles, refuses broken ones in a sentence, and answers for schemas and clauses."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import jsonschema_rs
import pytest

from callproof import limits
from callproof.contract.bundles import Contract, ContractNotUsable, default_directory, load_contract
from callproof.validator.schemas import Schemas

ROOT = Path(__file__).parents[3]
BUNDLES = ("openapi.json", "asyncapi.json", "call-model.json")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for name in BUNDLES:
        shutil.copy(ROOT / "dist" / name, tmp_path)
    return tmp_path


def schemas_of(contract: Contract) -> Schemas:
    return Schemas(contract.openapi, contract.asyncapi)


def test_in_a_checkout_the_bundles_are_those_of_dist() -> None:
    assert Path(load_contract().directory) == ROOT / "dist"


def test_in_an_installed_distribution_they_lie_beside_the_package(tmp_path: Path) -> None:
    package = tmp_path / "site-packages" / "callproof"
    assert default_directory(str(package)) == str(tmp_path / "site-packages" / "callproof_contract")


def test_a_directory_that_was_asked_for_beats_both(copy: Path) -> None:
    contract = load_contract(str(copy))
    assert contract.directory == str(copy)
    assert contract.call_model == json.loads((copy / "call-model.json").read_text())


@pytest.mark.parametrize("name", BUNDLES)
@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (None, "does not exist"),
        ("", "is not JSON"),
        ("[" * 100_000, "is nested too deeply to be a bundle"),
        ("[]", "is not a JSON object"),
        ("{}", "has no "),
        ('{"info": 3, "paths": 3, "channels": 3, "operations": 3}', "has no "),
    ],
)
def test_a_bundle_that_cannot_be_used_is_told_in_one_sentence(
    copy: Path, name: str, content: str | None, problem: str
) -> None:
    (copy / name).unlink()
    if content is not None:
        (copy / name).write_text(content)
    with pytest.raises(ContractNotUsable) as caught:
        _ = load_contract(str(copy)).call_model
    assert str(caught.value).startswith(f"the contract cannot be used: {copy / name} {problem}")
    assert "\n" not in str(caught.value)


def test_a_reference_that_leads_nowhere_is_refused_because_it_would_let_everything_pass(copy: Path) -> None:
    whole = json.loads((copy / "asyncapi.json").read_text())
    del whole["components"]["schemas"]["Seconds"]
    (copy / "asyncapi.json").write_text(json.dumps(whole))
    with pytest.raises(ContractNotUsable, match="refers to the schema Seconds, which does not exist"):
        load_contract(str(copy))


def test_a_folder_in_the_place_of_a_bundle_is_told_too(copy: Path) -> None:
    (copy / "openapi.json").unlink()
    (copy / "openapi.json").mkdir()
    with pytest.raises(ContractNotUsable, match="is not a regular file"):
        load_contract(str(copy))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_in_the_place_of_a_bundle_is_not_waited_for(copy: Path) -> None:
    (copy / "openapi.json").unlink()
    os.mkfifo(copy / "openapi.json")
    with pytest.raises(ContractNotUsable, match="is not a regular file"):
        load_contract(str(copy))


def test_a_bundle_beyond_the_bound_is_not_read(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits.BUNDLE, "default", (copy / "openapi.json").stat().st_size - 1)
    with pytest.raises(ContractNotUsable, match=r"openapi.json is larger than \d+ MiB"):
        load_contract(str(copy))


def test_every_schema_refers_to_nothing_outside_the_bundles() -> None:
    schemas = schemas_of(load_contract())
    components = {"schemas": dict(schemas.components)}
    engines = {
        name: jsonschema_rs.Draft202012Validator({**schemas.reference(name), "components": components})
        for name in schemas.components
    }
    held = json.loads((ROOT / "asyncapi/examples/InitiateConference/1-held.json").read_text())
    assert engines["StatusChange"].is_valid(held)
    with pytest.raises(KeyError):
        schemas.reference("Cal")


def test_every_operation_notification_and_meta_message_has_a_way_to_its_schema() -> None:
    schemas = schemas_of(load_contract())
    assert {"Answer", "Dial", "InitiateConference", "StartContactCenterSession"} <= set(schemas.operations)
    assert set(schemas.replies) == set(schemas.requests) == {
        "/meta/handshake", "/meta/connect", "/meta/subscribe", "/meta/unsubscribe", "/meta/disconnect"
    }  # fmt: skip
    assert {news.name for news in schemas.notifications} >= {
        "StatusChange",
        "ParticipantsUpdated",
        "ErrorNotification",
    }
    ways = [*schemas.operations.values(), *schemas.replies.values(), *schemas.requests.values()]
    assert set(ways) <= set(schemas.components)


@pytest.mark.parametrize(
    ("pointer", "text"),
    [
        (
            "openapi/operations/InitiateConference.yaml#holds-the-call",
            "After an accepted InitiateConference, the server notifies the requesting agent that the existing call is in state Held.",
        ),
        (
            "openapi/openapi.yaml#zero-means-taken",
            "The answer to a request that was carried out, or accepted and passed on, has the `statusCode` 0; "
            "a `GET /me` with valid credentials is such a request.",
        ),
        ("asyncapi/asyncapi.yaml#version-is-1-0", "A successful handshake reply has the `version` 1.0."),
        (
            "asyncapi/asyncapi.yaml#channel-is-me-calls",
            "The server delivers a notification about a call on the channel `/v2/me/calls`.",
        ),
    ],
)
def test_a_clause_is_found_by_the_file_and_the_id_that_a_requirement_cites(pointer: str, text: str) -> None:
    clause = load_contract().clauses[pointer]
    assert clause["text"] == text
    assert clause["basis"]
    assert clause["source"]


def test_the_same_id_in_two_files_is_two_clauses() -> None:
    clauses = load_contract().clauses
    held, dialled = (clauses[f"openapi/operations/{name}.yaml#is-accepted"] for name in ("Hold", "Dial"))
    assert held["text"] != dialled["text"]


def test_a_clause_is_nowhere_but_in_its_own_file() -> None:
    clauses = load_contract().clauses
    assert "openapi/schemas/Dial.yaml#is-accepted" not in clauses
    assert "openapi/openapi.yaml#is-accepted" not in clauses
    assert {pointer.partition("#")[0] for pointer in clauses} == {
        path.relative_to(ROOT).as_posix()
        for half in ("openapi", "asyncapi")
        for path in (ROOT / half).rglob("*.yaml")
        if "x-behaviour:" in path.read_text(encoding="utf-8")
    }
