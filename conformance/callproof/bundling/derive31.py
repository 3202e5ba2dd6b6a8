"""Derives the OpenAPI 3.1 bundle from the 3.0 one."""

from __future__ import annotations

from copy import deepcopy

from callproof.bundling.values import JsonObject


def derived_31(openapi: JsonObject) -> JsonObject:
    """The same contract as OpenAPI 3.1.0.

    The schemas keep their text: the lint restricts them to keywords that mean the same in OpenAPI 3.0 and in JSON Schema 2020-12, which
    is 3.1's dialect when a document names none. Only the version changes.
    """
    return {**deepcopy(openapi), "openapi": "3.1.0"}
