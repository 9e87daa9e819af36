"""`docs/reference/format.md` shows ladders that are right, and lists every property of every kind."""

import re

import pytest

from app.formats.bundle.reader import parse_bundle
from app.rubric import ladder, parts
from app.rubric.rules import check
from app.rubric.text import Value
from tests.docs.pages import blocks, rows, text_of

TEXT = text_of("docs/reference/format.md")
COMMON = ("references", "sources", "alignments", "external_ids")
KINDS: dict[str, type[Value]] = {
    " ".join(re.findall("[A-Z][a-z]*", name)).lower(): model
    for module in (ladder, parts)
    for name, model in vars(module).items()
    if isinstance(model, type) and issubclass(model, Value)
}


def properties(cell: str) -> tuple[str, ...]:
    """The properties that a cell of a table names."""
    return tuple(re.findall(r"\w+", cell))


@pytest.mark.parametrize("example", [block.text for block in blocks(TEXT) if block.language == "yaml"])
def test_every_example_is_a_ladder_without_errors(example: str) -> None:
    findings = check(parse_bundle(example.encode(), "example.yaml").ladder)
    assert [finding for finding in findings if finding.severity == "error"] == []


def test_every_kind_is_listed_with_what_it_must_and_may_have() -> None:
    table = {row[0]: row[1:] for row in rows(TEXT) if row[0] in KINDS}
    assert {kind: (properties(must), properties(may)) for kind, (must, may) in table.items()} == {
        kind: (
            tuple(name for name, field in KINDS[kind].model_fields.items() if field.is_required()),
            tuple(
                name
                for name, field in KINDS[kind].model_fields.items()
                if not field.is_required() and name not in COMMON
            ),
        )
        for kind in table
    }


def test_every_kind_is_listed_but_those_that_are_only_said_of_others() -> None:
    table = {row[0] for row in rows(TEXT)}
    assert KINDS.keys() - table == {"value", "licence", "link", "source", "alignment", "external id"}
