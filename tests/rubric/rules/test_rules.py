"""The rules as a whole: all findings at once, in document order, in linear time, each one documented."""

import re
from pathlib import Path
from typing import Final

from hypothesis import given
from hypothesis import strategies as st

from app.rubric.canonical import plain
from app.rubric.ladder import Competency, Expectation, Ladder, Level, Track
from app.rubric.rules import SEVERITIES, check
from tests.rubric.drafts import draft, findings
from tests.strategies import ladders

_HERE: Final = Path(__file__).parent
_DOCS: Final = Path(__file__).parents[3] / "docs/reference/rules.md"


def test_a_good_ladder_has_no_findings() -> None:
    assert check(draft()) == ()


@given(ladders())
def test_generated_ladders_have_no_errors(ladder: Ladder) -> None:
    assert [finding for finding in check(ladder) if finding.severity == "error"] == []


def test_all_findings_come_at_once_in_document_order() -> None:
    edits = {
        "/translations": [{"entity": "level:l9", "field": "title", "language": "en", "text": "x"}],
        "/faqs/0/about": ["level:l9"],
        "/expectations/1/step": "nowise",
        "/expectations/0/examples": [{"text": " ", "external_ids": [{"system": "x", "id": " "}]}],
        "/levels/1/track": "icc",
        "/levels/0/rank": 3,
        "/tracks/0/extends": "ic",
        "/title": " ",
        "/references": [{"title": " ", "url": "u"}],
    }
    assert [(path, code) for path, code, _ in findings(edits)] == [
        ("/title", "blank-line"),
        ("/tracks/0/extends", "extends-cycle"),
        ("/levels/1/track", "unknown-track"),
        ("/expectations/0/examples/0/text", "blank-text"),
        ("/expectations/0/examples/0/external_ids/0/id", "blank-line"),
        ("/expectations/0/examples/0/external_ids/0/id", "loose-space"),
        ("/expectations/1/step", "unknown-step"),
        ("/faqs/0/about/0", "unknown-entity"),
        ("/translations/0/entity", "unknown-entity"),
        ("/translations/0/language", "translation-same-language"),
        ("/references/0/title", "blank-line"),
    ]


@given(ladders(), st.data())
def test_any_draft_can_be_checked(ladder: Ladder, data: st.DataObject) -> None:
    """Lists of another ladder put in place of this one's: names dangle, slugs clash, and nothing is raised."""
    other = plain(data.draw(ladders()))
    taken = data.draw(
        st.sets(st.sampled_from(["tracks", "levels", "scales", "competencies", "facets", "faqs"]))
    )
    mixed = Ladder.model_validate(plain(ladder) | {name: other.get(name, []) for name in taken})
    for finding in check(mixed):
        assert finding.severity == SEVERITIES[finding.code]
        assert finding.message[0] != " "
        assert _lead_to(mixed, finding.path)


def test_only_the_first_findings_suggest_near_names() -> None:
    messages = [finding.message for finding in check(_lost(100)) if "did you mean" in finding.message]
    assert 0 < len(messages) <= 25


def test_a_finding_never_repeats_a_very_long_text() -> None:
    long = "x y " * 250_000
    edits = {
        "/categories": [{"slug": "work", "title": long}],
        "/removals": [{"kind": "level", "slug": long, "reason": "Gone."}],
        "/translations": [{"entity": "level:l5", "field": long, "language": "de", "text": "x"}],
        "/levels/0/external_ids": [{"system": "hr", "id": long}, {"system": "hr", "id": long}],
    }
    found = findings(edits)
    assert len(found) >= 4
    assert all(len(message) <= 1_000 for _, _, message in found)


def test_every_code_has_a_case_in_these_tests() -> None:
    tables = "".join(path.read_text(encoding="utf-8") for path in _HERE.glob("test_rules_*.py"))
    assert set(re.findall(r'"([a-z-]+)",', tables)) >= set(SEVERITIES)


def test_the_docs_list_every_code_with_its_severity_and_no_other() -> None:
    rows = re.findall(
        r"^\| `([a-z-]+)` \| (\w+) \| .+ \| .+ \|$", _DOCS.read_text(encoding="utf-8"), re.MULTILINE
    )
    assert sorted(rows) == sorted(SEVERITIES.items())


def _lead_to(ladder: Ladder, pointer: str) -> bool:
    held: object = ladder
    for part in pointer.split("/")[1:]:
        if isinstance(held, tuple):
            held = held[int(part)]
        else:
            assert hasattr(held, part), pointer
            held = getattr(held, part)
    return True


def _lost(size: int) -> Ladder:
    """Return a ladder whose expectations all name a level and a competency that are nearly there."""
    near = tuple(Level(slug=f"level-{n}", track="t", title="L") for n in range(size // 10))
    asked = tuple(Expectation(level=f"levle-{n}", competency=f"skil-{n}") for n in range(size))
    skills = tuple(Competency(slug=f"skill-{n}", title="S") for n in range(size // 10))
    tracks = (Track(slug="t", title="T"),)
    return Ladder(slug="a", title="A", tracks=tracks, levels=near, competencies=skills, expectations=asked)
