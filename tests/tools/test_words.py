"""The check of the project's English: what it reports, and what it leaves alone."""

from pathlib import Path

import pytest

from tools.words import findings


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            'def f() -> None:\n    """What a level asks."""\n',
            ["a.py:1: the docstring is a bare clause ('What …'): begin with a verb or a noun"],
        ),
        (
            '"""Whether it holds."""\n',
            ["a.py:1: the docstring is a bare clause ('Whether …'): begin with a verb or a noun"],
        ),
        ('def f() -> None:\n    """Return what a level asks, and whether it holds."""\n', []),
        ('x = 1\n"""Which of them are shown."""\n', []),
    ],
    ids=["function", "module", "verb first", "not a docstring"],
)
def test_a_docstring_that_is_a_bare_clause_is_reported(text: str, expected: list[str]) -> None:
    assert list(findings(Path("a.py"), text)) == expected


def test_a_replaced_sentence_is_reported_even_across_lines() -> None:
    text = "The number: the least\nhonest one, and less is refused.\n"
    assert list(findings(Path("docs/a.md"), text)) == [
        "docs/a.md: says 'the least honest one, and less is refused'; say: The changes set a minimum version number."
    ]


def test_plain_english_is_not_reported() -> None:
    assert list(findings(Path("docs/a.md"), "The changes set a minimum version number.\n")) == []
