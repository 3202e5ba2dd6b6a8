"""Finding and loading the bundles."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from refswitch.contract import ContractBroken, ContractMissing, default_directory, load_contract


@pytest.fixture
def bundles(tmp_path: Path) -> Path:
    """A copy of the committed bundles that a test may damage."""
    return Path(shutil.copytree(load_contract().directory, tmp_path / "bundles"))


def test_the_bundles_of_a_checkout_are_found_and_name_their_version() -> None:
    contract = load_contract()
    assert contract.directory == Path(__file__).parents[2] / "dist"
    assert (
        contract.version == json.loads((contract.directory / "openapi.json").read_text())["info"]["version"]
    )


def test_an_installed_package_looks_beside_itself(tmp_path: Path) -> None:
    package = tmp_path / "site-packages" / "refswitch"
    assert default_directory(package) == tmp_path / "site-packages" / "callproof_contract"


def test_only_a_named_directory_is_searched(tmp_path: Path) -> None:
    with pytest.raises(ContractMissing, match=r"openapi\.json does not exist; run `make contract`"):
        load_contract(tmp_path)


@pytest.mark.parametrize(
    ("file", "text", "problem"),
    [
        ("openapi.json", "{", "is not JSON"),
        ("openapi.json", "[]", "must be a JSON object"),
        (
            "openapi.json",
            '{"openapi": "3.1.0"}',
            "must be an OpenAPI 3.0 document, but says openapi: '3.1.0'",
        ),
        ("openapi.json", '{"openapi": "3.0.3", "info": {"version": "1"}}', "has no paths"),
        ("asyncapi.json", '{"info": {"version": "1"}}', "has no channels"),
        ("call-model.json", "[]", "must be a JSON object"),
        ("call-model.json", '{"version": NaN}', "is not JSON"),
        ("call-model.json", '{"version": "\\ud800"}', "is not JSON"),
        ("call-model.json", '{"version": ' + "[" * 500 + "]" * 500 + "}", "is nested deeper than 200 levels"),
        ("call-model.json", "[" * 100_000, "is not JSON"),
        ("call-model.json", "\udcff", "cannot be read"),
    ],
)
def test_a_bundle_that_is_not_one_is_refused_by_name(
    bundles: Path, file: str, text: str, problem: str
) -> None:
    (bundles / file).write_text(text, errors="surrogateescape")
    with pytest.raises(ContractBroken) as caught:
        load_contract(bundles)
    assert caught.value.file == bundles / file
    assert caught.value.problem.startswith(problem)
