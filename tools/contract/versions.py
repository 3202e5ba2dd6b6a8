"""Checks that the two halves of the contract are one version of it, and name the GWS versions that it describes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from callproof.bundling.findings import Finding
from callproof.bundling.sources import ASYNCAPI_ROOT, OPENAPI_ROOT, Contract
from callproof.bundling.values import as_object

#: The member of `info` that names the GWS versions: in words, then one by one, as documentation and captures have them.
DESCRIBED = "x-gws-versions"
_VERSION = re.compile(r"(0|[1-9][0-9]*)(\.(0|[1-9][0-9]*)){2}")


def version_findings(contract: Contract) -> Iterator[Finding]:
    """A finding for a version that is not three numbers, for versions of GWS that no reader sees, and wherever the halves disagree."""
    openapi, asyncapi = contract.files.get(OPENAPI_ROOT), contract.files.get(ASYNCAPI_ROOT)
    if openapi is None or asyncapi is None:
        return
    kept, repeated = (as_object(as_object(half.value).get("info")) for half in (openapi, asyncapi))
    if not _VERSION.fullmatch(str(kept.get("version"))):
        problem = f"the version is {kept.get('version')!r}"
        yield openapi.finding(("info", "version"), "version", problem, "write three numbers, such as 0.2.0")
    text = as_object(kept.get(DESCRIBED)).get("text")
    for half, info in ((openapi, kept), (asyncapi, repeated)):
        if not isinstance(text, str) or text not in " ".join(str(info.get("description")).split()):
            problem = f"the description does not name the GWS versions of {DESCRIBED}"
            remedy = f"write info.{DESCRIBED}.text, and repeat it in info.description"
            yield half.finding(("info", "description"), "version", problem, remedy)
    for member in ("version", DESCRIBED):
        if repeated.get(member) != kept.get(member):
            problem = f"{member} differs from {OPENAPI_ROOT}"
            yield asyncapi.finding(
                ("info", member), "version", problem, f"write the {member} of {OPENAPI_ROOT}"
            )
