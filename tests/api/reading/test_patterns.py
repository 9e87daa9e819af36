"""Patterns of texts: no error message shows a regular expression."""

import json
from collections.abc import Iterator
from typing import Final

import pytest

from app.api.reading.dates import MOMENT_SCHEMA
from app.api.reading.patterns import DRAFT_LADDER, LADDER, WANTED, in_words
from tests.api.process import ROOT
from tests.api.serving import EXAMPLE, Api

_NAMES: Final = {"fields", "expand", "sort"}
"""Parameters that are checked against the names of a resource. Their errors list the names."""
_VERSION: Final = r"^(0|[1-9][0-9]{0,8})\.(0|[1-9][0-9]{0,8})\.(0|[1-9][0-9]{0,8})$"
_KEY: Final = "^[ -~]{1,255}$"
_TAG: Final = '"[!#-~]*"'
_TAGS: Final = {rf"^(\*|{one}(, ?{one})*)$" for one in (_TAG, f"(W/)?{_TAG}")}
_PARSED: Final = {_VERSION, _KEY, *_TAGS, LADDER, DRAFT_LADDER, MOMENT_SCHEMA["pattern"]}
"""Patterns of texts that have a parser with its own error messages."""


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
    assert asked - WANTED.keys() == _PARSED


def test_other_faults_are_described_in_plain_words() -> None:
    assert in_words({"type": "missing", "msg": "Field required"}) == "This is missing."


@pytest.mark.parametrize(
    ("method", "path", "headers", "body", "detail"),
    [
        ("GET", "/v1/ladders/A_b", {}, None, "There is no ladder 'A_b'."),
        ("GET", f"{EXAMPLE}/releases?as_of=x", {}, None, "Use a date (2026-03-01) or an instant"),
        ("PUT", f"{EXAMPLE}@1.0.0/levels/l5", {"if-match": "*"}, {}, "This resource does not support PUT."),
        ("PUT", f"{EXAMPLE}@draft/levels/l5", {"if-match": "x"}, {}, "If-Match must be `*` or a list of"),
        (
            "PUT",
            f"{EXAMPLE}@draft/levels/l5",
            {"if-none-match": "x"},
            {},
            "If-None-Match must be `*` or a list",
        ),
        ("POST", "/v1/ladders", {"idempotency-key": ""}, {}, "Send one Idempotency-Key of 1 to 255"),
        (
            "POST",
            f"{EXAMPLE}/releases/1.0.0/events",
            {},
            {"kind": "deprecated", "reason": "old", "successor": "1"},
            "A release number is a text such as 1.2.0: major.minor.patch.",
        ),
        (
            "POST",
            f"{EXAMPLE}/releases/1.0.0/events",
            {},
            {"kind": "deprecated", "reason": "old", "sunset": "x"},
            "Write a date (2026-03-31, its first moment in UTC) or a time",
        ),
    ],
)
def test_a_parsed_text_has_an_error_message_in_words(
    seeds: Api, method: str, path: str, headers: dict[str, str], body: object, detail: str
) -> None:
    key = seeds.key("ann", "write", "publish")
    answer = seeds.client.request(method, path, headers={**key, **headers}, json=body).json()
    assert (answer.get("errors") or [answer])[0]["detail"].startswith(detail)
