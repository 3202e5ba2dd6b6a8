"""docs/compatibility.md names everything that has a number or a name to rely on."""

from __future__ import annotations

import re
from pathlib import Path

from callproof.cli import COMMANDS
from tools.release.frozen import SCHEMAS

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "compatibility.md").read_text(encoding="utf-8")
_FORMAT = re.compile(r"\bcallproof\.[a-z]+/[0-9]+\b")


def formats_in(text: str) -> set[str]:
    return set(_FORMAT.findall(text))


def test_the_page_names_every_numbered_format_and_no_other() -> None:
    sources = (ROOT / "conformance" / "callproof").rglob("*.py")
    written = set().union(*(formats_in(file.read_text(encoding="utf-8")) for file in sources))
    assert formats_in(PAGE) == written


def test_every_link_of_the_page_leads_somewhere() -> None:
    links = re.findall(r"\]\(([^)#]+)\)", PAGE)
    assert [link for link in links if not (ROOT / "docs" / link).exists()] == []


def test_each_release_keeps_the_schemas_of_what_users_write_and_read() -> None:
    for folder in (ROOT / "docs" / "schemas").iterdir():
        kept = {file.name for file in folder.iterdir()}
        assert kept <= set(SCHEMAS)
        assert {"result.schema.json", "target.schema.json", "seats.schema.json"} <= kept


def test_commands_that_print_a_numbered_format_exist() -> None:
    """The page names commands as users type them."""
    named = set(re.findall(r"`callproof ([a-z]+)", PAGE))
    assert named <= set(COMMANDS)


def test_a_page_leads_from_the_version_before() -> None:
    """Whoever upgrades finds the page of the version they have, linked from the README."""
    headings = re.findall(
        r"^## ([0-9]+\.[0-9]+)\.", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    before = next(version for version in headings if version != headings[0])
    page = f"docs/upgrading-from-{before}.md"
    assert (ROOT / page).is_file()
    assert page in (ROOT / "README.md").read_text(encoding="utf-8")
