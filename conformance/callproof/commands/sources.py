"""What the commands read before they start; an unusable source ends the command with a sentence."""

from __future__ import annotations

import os
from collections.abc import Collection
from pathlib import Path

from callproof.catalogue.loading import Suite
from callproof.catalogue.mistakes import BadCatalogue
from callproof.commands.exits import CONFIGURATION, SUITE_ERROR, Stopped
from callproof.contract.bundles import Contract
from callproof.runner.suite import read_suite
from callproof.suggestions import did_you_mean
from callproof.target.target import BadTarget, Target, read_target


def suite_on(contract: Contract) -> Suite:
    """The requirements and their scenarios. They are part of the suite, so a fault in them is the suite's."""
    try:
        return read_suite(contract)
    except BadCatalogue as error:
        raise Stopped(f"the suite's own files cannot be used: {error}", SUITE_ERROR) from None


def target_in(file: str, numbers: Collection[str] | None = None) -> Target:
    """The target in a file, with the secrets from the environment. All mistakes in the file are reported at once.

    `numbers` are the names that scenarios dial; None accepts any name.
    """
    try:
        return read_target(Path(file), os.environ, numbers)
    except BadTarget as error:
        raise Stopped(f"the target file cannot be used:\n{error}", CONFIGURATION) from None


def numbers_of(suite: Suite) -> frozenset[str]:
    """The names that scenarios dial, as a target file has them under `numbers`."""
    needs = (need.partition(":") for scenario in suite.scenarios for need in scenario.needs)
    return frozenset(name for kind, _, name in needs if kind == "number")


def profiles_of(wanted: list[str], suite: Suite) -> tuple[str, ...]:
    """The requested profiles; all of them if none is named."""
    there = suite.catalogue.profiles
    for name in wanted:
        if name not in there:
            meant = did_you_mean(name, there, f"there are {', '.join(there)}")
            raise Stopped(f"--profile {name}: this profile does not exist; {meant}", CONFIGURATION)
    return tuple(name for name in there if name in wanted) or there
