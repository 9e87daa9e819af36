"""Patterns of texts: no error message shows a regular expression."""

import json
from collections.abc import Iterator
from typing import Final

from app.api.reading.patterns import WANTED, in_words
from tests.api.process import ROOT

_NAMES: Final = {"fields", "expand", "sort"}
"""Parameters that are checked against the names of a resource. Their errors list the names."""
_VERSION: Final = r"^(0|[1-9][0-9]{0,8})\.(0|[1-9][0-9]{0,8})\.(0|[1-9][0-9]{0,8})$"
"""The pattern of a release number, whose parser has its own error message."""


def patterns(part: object) -> Iterator[str]:
    """Yield every pattern in a part of an OpenAPI document."""
    if isinstance(part, dict):
        if part.get("in") == "query" and part.get("name") in _NAMES:
            return
        if isinstance(part.get("pattern"), str):
            yield part["pattern"]
        for inner in part.values():
            yield from patterns(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from patterns(inner)


def test_every_pattern_has_a_description() -> None:
    asked = set(patterns(json.loads((ROOT / "openapi.json").read_text("utf-8"))))
    assert asked - WANTED.keys() == {_VERSION}


def test_other_faults_are_described_in_plain_words() -> None:
    assert in_words({"type": "missing", "msg": "Field required"}) == "This is missing."
