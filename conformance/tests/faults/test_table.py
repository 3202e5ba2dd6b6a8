"""A faulty call model is the contract's own, changed in one place."""

import json
from pathlib import Path

import pytest

from callproof.contract.bundles import default_directory
from callproof.faults import NoSuchRow, TableChange, changed_table, copy_contract, read_variants
from callproof.faults.members import Edit

TABLE = {"operations": [{"id": "hold", "in": ["Established"]}], "network": [{"id": "rings"}]}


def test_a_row_is_changed_removed_or_added_and_the_table_that_came_in_stays() -> None:
    held = TableChange(row="hold", edit=Edit(append={"in": "Held"}))
    added = TableChange(adds={"id": "park"})
    assert changed_table(TABLE, [held, added]) == {
        "operations": [{"id": "hold", "in": ["Established", "Held"]}, {"id": "park"}],
        "network": [{"id": "rings"}],
    }
    assert changed_table(TABLE, [TableChange(row="rings", removes=True)])["network"] == []
    assert TABLE["operations"] == [{"id": "hold", "in": ["Established"]}]


def test_a_row_that_is_not_there_is_a_mistake() -> None:
    with pytest.raises(NoSuchRow, match="the call model has no row park"):
        changed_table(TABLE, [TableChange(row="park", removes=True)])


def test_a_copy_of_the_contract_has_all_bundles_and_the_changed_table(tmp_path: Path) -> None:
    copy_contract(Path(default_directory()), [TableChange(row="hold", removes=True)], tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "asyncapi.json",
        "call-model.json",
        "openapi.json",
    ]
    rows = json.loads((tmp_path / "call-model.json").read_text(encoding="utf-8"))["operations"]
    assert "hold" not in {row["id"] for row in rows}


@pytest.mark.slow
def test_every_change_of_a_variant_names_a_row_that_the_contract_has(tmp_path: Path) -> None:
    for variant in read_variants():
        copy_contract(Path(default_directory()), variant.table, tmp_path)
