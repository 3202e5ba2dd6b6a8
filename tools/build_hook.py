"""Writes the commit into what is built: beside the bundles of a wheel, and into `dist` of a source distribution.

hatchling calls it (`tool.hatch.build.hooks.custom` in pyproject.toml). It asks the package itself, so a build says what the checkout
would have said; a wheel that is built from an unpacked source distribution keeps the commit of that. An editable installation asks git
when it runs.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_PLACES = {"wheel": "callproof_contract", "sdist": "dist"}


class CommitHook(BuildHookInterface):  # type: ignore[type-arg]  # hatchling's own configuration types are of no use here
    """Adds one file to a wheel or a source distribution."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called before the files are collected; `version` is how the target is built, `build_data` what hooks may add to."""
        if version == "editable":
            return
        sources = Path(self.root, "conformance")
        sys.path.insert(0, str(sources))
        from callproof.versions import BUILD_FILE, commit

        self._folder = tempfile.TemporaryDirectory()
        file = Path(self._folder.name, BUILD_FILE)
        file.write_text(json.dumps({"commit": commit(str(sources / "callproof"))}) + "\n", encoding="utf-8")
        build_data["force_include"][str(file)] = f"{_PLACES[self.target_name]}/{BUILD_FILE}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Called when the artifact is written."""
        if version != "editable":
            self._folder.cleanup()
