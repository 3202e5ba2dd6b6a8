"""The formats in which a result is written to files. To add a format, add a module and a row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from callproof.report import junit, result
from callproof.report.report import Report


@dataclass(frozen=True)
class Format:
    """One format: its name, the file it is written to, the module that it needs and the extra with that module (both may be empty), and
    what turns a report into text."""

    name: str
    file: str
    module: str
    extra: str
    render: Callable[[Report], str]


def _html(report: Report) -> str:
    from callproof.report import html  # needs Jinja2

    return html.render(report)


FORMATS: tuple[Format, ...] = (
    Format("report", "report.html", "jinja2", "run", _html),
    Format("result", "result.json", "jsonschema_rs", "fast", result.render),
    Format("junit", "junit.xml", "", "", junit.render),
)
