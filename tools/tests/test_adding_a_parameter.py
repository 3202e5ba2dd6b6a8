"""The server's promise to its keepers: a new parameter of an operation touches the contract and the effect that uses it, nothing else."""

from __future__ import annotations

import filecmp
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from callproof.bundling.sources import read_contract
from tools.contract.lint import lint
from tools.contract.products import bundle_texts, stub_texts, write

ROOT = Path(__file__).parents[2]
OPERATION = "openapi/operations/AttachUserData.yaml"
RECORDED = "openapi/examples/recorded/AttachUserData/request.json"
EFFECT = "impl/refswitch/calls/effects.py"
OLD = "    _change_data(turn, acting, lambda data: {**data, **acting.user_data})\n"
NEW = """\
    prefix = cast(bodies.AttachUserData, acting.body).get("prefix", "")
    added = {prefix + key: value for key, value in acting.user_data.items()}
    _change_data(turn, acting, lambda data: {**data, **added})
"""
#: Alice dials, attaches data with the new parameter, and reads her call; first through the front, then through Connexion.
STORY = """\
import asyncio, httpx
from refswitch.app import build_app
from refswitch.contract import load_contract
from refswitch.seats import load_seating
from refswitch.settings import Settings

async def read(front):
    app = build_app(Settings(load_contract(), load_seating(), front=front))
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://x/api/v2", auth=("15000", "15000")) as client:
        device = (await client.get("/me/devices")).json()["uris"][0].rpartition("/")[2]
        dial = {"operationName": "Dial", "destination": {"phoneNumber": "70000"}}
        await client.post(f"/me/devices/{device}/calls", json=dial)
        call = (await client.get("/me/calls")).json()["uris"][0].rpartition("/")[2]
        attach = {"operationName": "AttachUserData", "userData": {"Id": "7"}, "prefix": "Case"}
        print((await client.post(f"/me/calls/{call}", json=attach)).json())
        print((await client.post(f"/me/calls/{call}", json={**attach, "prefix": 7})).json())
        print((await client.get(f"/me/calls/{call}")).json()["call"]["userData"])

for front in (True, False):
    asyncio.run(read(front))
"""
TOLD = [
    "{'statusCode': 0}",
    "{'statusCode': 10, 'statusMessage': '$.prefix must be of type string, but is 7'}",
    "{'CaseId': '7'}",
]


def put(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def changed(tree: Path) -> set[str]:
    """The files of a tree that differ from the checkout's, generated ones left out."""
    files = [file.relative_to(tree).as_posix() for file in tree.rglob("*") if file.is_file()]
    made = ("dist/", "impl/refswitch/stubs/", "openapi/examples/recorded/")
    written = [name for name in files if not name.startswith(made) and "__pycache__" not in name]
    return {name for name in written if not filecmp.cmp(tree / name, ROOT / name, shallow=False)}


@pytest.mark.slow
def test_a_parameter_is_one_line_of_the_contract_and_the_effect_that_reads_it(tmp_path: Path) -> None:
    for folder in ("openapi", "asyncapi", "impl/refswitch"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    put(tmp_path / OPERATION, "  userData: ", "  prefix: {type: string}\n  userData: ")
    put(tmp_path / EFFECT, OLD, NEW)

    (finding,) = lint(read_contract(tmp_path))
    assert finding.problem == "no example shows the parameter AttachUserData prefix"
    put(tmp_path / RECORDED, '"userData"', '"prefix": "Case",\n  "userData"')
    contract = read_contract(tmp_path)
    assert lint(contract) == []
    write(tmp_path, bundle_texts(contract) | stub_texts(contract))
    assert changed(tmp_path) == {OPERATION, EFFECT}

    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "impl"), "PYTHONWARNINGS": "ignore"}
    ran = subprocess.run(
        [sys.executable, "-c", STORY], capture_output=True, text=True, env=environment, check=False
    )
    assert ran.stdout.splitlines() == TOLD * 2, ran.stderr
