"""Forms of texts: no refusal shows a pattern, whichever text of a request has the wrong form."""

import json
from collections.abc import Iterator
from typing import Final

from app.api.reading.patterns import WANTED, in_words
from tests.api.process import ROOT

_NAMES: Final = {"fields", "expand", "sort"}
"""Parameters that are held against the names a resource has, each of which an error lists."""
_VERSION: Final = r"^(0|[1-9][0-9]{0,8})\.(0|[1-9][0-9]{0,8})\.(0|[1-9][0-9]{0,8})$"
"""Of a release's number, which has a parser of its own, with words of its own."""


def patterns(part: object) -> Iterator[str]:
    """Every pattern in a part of an OpenAPI document that a text of a request may have to fit."""
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


def test_every_text_that_must_have_a_form_is_asked_for_in_words() -> None:
    asked = set(patterns(json.loads((ROOT / "openapi.json").read_text("utf-8"))))
    assert asked - WANTED.keys() == {_VERSION}


def test_what_has_no_form_keeps_the_words_of_pydantic() -> None:
    assert in_words({"type": "missing", "msg": "Field required"}) == "Field required."
