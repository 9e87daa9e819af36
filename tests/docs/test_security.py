"""The page on security names a test for every promise."""

import re

from tests.docs.pages import ROOT, rows, text_of

PROMISES = [row for row in rows(text_of("docs/security.md")) if len(row) == 2 and not row[0].startswith("-")]


def test_every_promise_names_tests_that_exist() -> None:
    promises = [row for row in PROMISES if row[0] != "promise"]
    assert len(promises) > 30
    unproven = [
        promise
        for promise, tests in promises
        if not promise or not all(has_tests(name) for name in tests.split(", "))
    ]
    assert unproven == []


def has_tests(name: str) -> bool:
    """Return whether a file of tests exists and has a test, or the one that is named after `::`."""
    path, _, test = name.partition("::")
    place = ROOT / path
    return (
        re.fullmatch(r"tests/[\w/]+\.py", path) is not None
        and place.is_file()
        and f"def {test or 'test_'}" in place.read_text("utf-8")
    )
