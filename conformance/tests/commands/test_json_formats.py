"""What commands print as JSON agrees with the schemas that each release keeps."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from callproof.bayeux import Delivered
from callproof.commands import check, listening
from callproof.commands.listening.printing import as_json
from callproof.contract.bundles import load_contract
from callproof.json_values import Json
from callproof.redaction import Redactor
from callproof.validator.payload import BAYEUX, validate
from callproof.validator.schemas import Schemas

CHECK = Path(check.__file__).with_name("check.schema.json")
LISTEN = Path(listening.__file__).with_name("listen.schema.json")
EXAMPLES = Path(__file__).parents[3] / "asyncapi" / "examples" / "InitiateConference"


def validator(file: Path) -> Any:
    schema = json.loads(file.read_text(encoding="utf-8"))
    jsonschema_rs.meta.validate(schema)
    return jsonschema_rs.validator_for(schema)


def test_the_report_of_a_check_with_everything_in_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Errors, warnings, notes, findings that are counted, and inputs that are left out."""
    held = json.loads((EXAMPLES / "1-held.json").read_text(encoding="utf-8"))
    held["data"]["call"]["duration"] = 31
    (tmp_path / "many.ndjson").write_text((json.dumps(held) + "\n") * 12)
    (tmp_path / "warned.json").write_text(
        '{"operationName": "InitiateConference", "destination": {"phoneNumber": "1"}, "userdata": {}}'
    )
    (tmp_path / "chat.json").write_text(
        '{"channel": "/v2/me/chats", "data": {"messageType": "ChatStateChanged"}}'
    )
    (tmp_path / "notes.txt").write_text("left out")
    check.main([str(tmp_path), "--format", "json"])
    report = json.loads(capsys.readouterr().out)
    validator(CHECK).validate(report)
    assert {finding["severity"] for finding in report["findings"]} == {"error", "warning", "note"}
    assert [one["file"] for one in report["left_out"]] == [f"{tmp_path}/notes.txt"]
    assert any("more" in finding for finding in report["findings"])


def test_a_schema_refuses_what_the_format_does_not_have(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    check.main([str(tmp_path), "--format", "json"])
    report = json.loads(capsys.readouterr().out)
    assert not validator(CHECK).is_valid({**report, "not_read": []})
    assert not validator(CHECK).is_valid(
        {name: value for name, value in report.items() if name != "left_out"}
    )


@pytest.mark.parametrize(
    ("channel", "data", "verdict"),
    [
        ("/v2/me/calls", None, "ok"),
        ("/v2/me/calls", {"messageType": "CallStateChangeMessage"}, "broken"),
        ("/v2/me/chats", {"messageType": "ChatStateChanged"}, "not-judged"),
    ],
)
def test_each_line_of_listen(channel: str, data: Json, verdict: str) -> None:
    contract = load_contract()
    held = json.loads((EXAMPLES / "1-held.json").read_text(encoding="utf-8"))["data"]
    said = Delivered(0, channel, held if data is None else data)
    found = validate(
        {"channel": channel, "data": said.data}, Schemas(contract.openapi, contract.asyncapi), BAYEUX
    ).findings
    line = json.loads(as_json(said, found, datetime(2026, 11, 28, tzinfo=UTC), Redactor()))
    validator(LISTEN).validate(line)
    assert line["verdict"] == verdict
