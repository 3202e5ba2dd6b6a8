"""The examples on the page for library users work."""

from __future__ import annotations

import re

import pytest

from ..process import ROOT  # noqa: TID252  # one floor up, as the house is

PAGE = (ROOT / "docs" / "bayeux-libraries.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize("block", BLOCKS, ids=[str(number) for number in range(len(BLOCKS))])
def test_every_example_can_be_read(block: str) -> None:
    compile(block, "docs/bayeux-libraries.md", "exec")


def test_the_server_answers_a_handshake_as_the_page_shows(capsys: pytest.CaptureFixture[str]) -> None:
    [example] = [block for block in BLOCKS if block.startswith("import secrets\n")]
    exec(example, {})
    assert '"successful":true' in capsys.readouterr().out
