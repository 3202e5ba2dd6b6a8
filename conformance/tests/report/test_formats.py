"""A report format is a module and a row: whoever writes, takes away or names the files of a run goes by the table."""

from __future__ import annotations

from pathlib import Path

import pytest

from callproof.commands import results
from callproof.commands.exits import CONFIGURATION, Stopped
from callproof.report import formats
from callproof.report.formats import Format
from callproof.report.report import Report


def _summary(report: Report) -> str:
    return f"{report.verdict}\n"


def with_row(monkeypatch: pytest.MonkeyPatch, row: Format) -> None:
    monkeypatch.setattr(results, "FORMATS", (*formats.FORMATS, row))


def test_a_format_is_one_row(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, report: Report) -> None:
    with_row(monkeypatch, Format("summary", "summary.txt", "", "", _summary))
    (tmp_path / "summary.txt").write_text("of another run")
    results.make_room(tmp_path)
    assert not (tmp_path / "summary.txt").exists()
    assert results.write(report, tmp_path) == ()
    assert (tmp_path / "summary.txt").read_text() == "not-conformant\n"
    assert "summary.txt" in results.what_is_written()


def test_a_format_that_needs_more_than_there_is_names_its_extra_before_a_run_starts(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with_row(monkeypatch, Format("sheet", "sheet.ods", "callproof_no_such_module", "sheets", _summary))
    with pytest.raises(Stopped) as stopped:
        results.make_room(tmp_path)
    assert (stopped.value.code, stopped.value.sentence) == (
        CONFIGURATION,
        'sheet.ods cannot be written: callproof_no_such_module is not installed; run: pip install "callproof[sheets]"',
    )


def test_every_format_has_a_name_and_a_file_of_its_own() -> None:
    rows = formats.FORMATS
    assert len({row.name for row in rows}) == len({row.file for row in rows}) == len(rows)
