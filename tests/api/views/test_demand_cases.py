"""The meaning of changes, from the request that publishes them to JSON, Markdown, CSV and pages, on both engines."""

from dataclasses import dataclass
from html import unescape
from typing import Any, Final

import pytest

from app.rubric.ladder import Ladder
from tests.api.drafting import write_draft
from tests.api.publishing import sha
from tests.api.serving import NOW, Api, Json, table

LADDER: Final = "/v1/ladders/x"
HEADINGS: Final = {"asks-more": "Asks more", "asks-other": "Asks something else", "asks-less": "Asks less"}
WORDS: Final = {
    "asks-more": "Expects more",
    "asks-other": "Expects something else",
    "asks-less": "Expects less",
    "clarifies": "New or clearer",
    "editorial": "Editorial",
}


def ladder(*expectations: Json, **parts: Any) -> Ladder:  # noqa: ANN401 - any part
    """Return a ladder with two levels and two competencies, unless `parts` has others."""
    whole = {
        "slug": "x",
        "title": "X",
        "tracks": [{"slug": "ic", "title": "IC"}],
        "levels": [level("e1"), level("e2")],
        "competencies": [{"slug": "craft", "title": "Craft"}, {"slug": "oncall", "title": "On call"}],
        "expectations": list(expectations),
    }
    return Ladder.model_validate(whole | parts)


def level(slug: str, track: str = "ic", **more: object) -> Json:
    return {"slug": slug, "track": track, "title": slug.upper()} | more


def says(where: str, *texts: str, competency: str = "craft", **more: object) -> Json:
    return {"level": where, "competency": competency, "statements": [{"text": text} for text in texts]} | more


def forked(extending: str | None = None, **parts: Any) -> dict[str, Any]:  # noqa: ANN401 - any part
    """Return the parts of a ladder whose management track extends the other."""
    management = {"slug": "mgmt", "title": "M", "extends": "ic"} | (
        {"extending": extending} if extending else {}
    )
    levels = [
        level("l1", rank=1),
        level("l2", rank=2),
        level("m3", "mgmt", rank=3),
        level("m1", "mgmt", rank=1),
    ]
    return {"tracks": [{"slug": "ic", "title": "IC"}, management], "levels": levels} | parts


def scaled(text: str) -> dict[str, Any]:
    """Return the parts of a ladder with a scale whose higher step has that text."""
    steps = [{"slug": "low", "title": "Low"}, {"slug": "high", "title": "High", "summary": text}]
    craft = {"slug": "craft", "title": "Craft", "scale": "s"}
    return {"scales": [{"slug": "s", "title": "S", "steps": steps}], "competencies": [craft]}


@dataclass(frozen=True)
class Case:
    """Two releases, and what the second means for each level."""

    before: Ladder
    after: Ladder
    levels: dict[str, str]
    version: str
    shown: tuple[str, str]
    """A level, and a text that holds there in the second release."""


_CUMULATIVE: Final[dict[str, Any]] = {"cumulative": "yes"}
_STEPS: Final = [
    {"level": "e1", "competency": "craft", "step": "low"},
    {"level": "e2", "competency": "craft", "step": "high"},
]
CASES: Final = {
    "a new level with a new duty between two levels": Case(
        ladder(says("e1", "Writes."), says("e2", "Leads."), **_CUMULATIVE),
        ladder(
            says("e1", "Writes."),
            says("between", "Carries the pager.", competency="oncall"),
            says("e2", "Leads."),
            levels=[level("e1"), level("between"), level("e2")],
            **_CUMULATIVE,
        ),
        {"between": "clarifies", "e2": "asks-more"},
        "2.0.0",
        ("e2", "Carries the pager."),
    ),
    "a line that moves up": Case(
        ladder(says("e1", "Writes tests.", "Speaks."), says("e2", "Leads."), **_CUMULATIVE),
        ladder(says("e1", "Writes tests."), says("e2", "Leads.", "Speaks."), **_CUMULATIVE),
        {"e1": "asks-less"},
        "1.1.0",
        ("e2", "Speaks."),
    ),
    "a line at the bottom of a cumulative fork": Case(
        ladder(says("l1", "Writes."), says("l2", "Leads."), says("m3", "Hires."), **forked(**_CUMULATIVE)),
        ladder(
            says("l1", "Writes.", "Asks."),
            says("l2", "Leads."),
            says("m3", "Hires."),
            **forked(**_CUMULATIVE),
        ),
        dict.fromkeys(("l1", "l2", "m1", "m3"), "asks-more"),
        "2.0.0",
        ("m3", "Asks."),
    ),
    "the text of a step": Case(
        ladder(*_STEPS, **scaled("Writes tests.")),
        ladder(*_STEPS, **scaled("Leads others.")),
        {"e2": "asks-other"},
        "2.0.0",
        ("e2", "Leads others."),
    ),
    "a line that a lower level says too is removed": Case(
        ladder(says("e1", "Writes."), says("e2", "Writes.", "Leads."), **_CUMULATIVE),
        ladder(says("e1", "Writes."), says("e2", "Leads."), **_CUMULATIVE),
        {},
        "1.1.0",
        ("e2", "Writes."),
    ),
    "a line that the extended track says too is removed": Case(
        ladder(says("l1", "Writes."), says("m1", "Writes.", "Hires."), **forked("adds")),
        ladder(says("l1", "Writes."), says("m1", "Hires."), **forked("adds")),
        {},
        "1.1.0",
        ("m1", "Writes."),
    ),
    "a duty returns because a cell that is not in use is removed": Case(
        ladder(
            says("l1", "Writes."),
            {"level": "m1", "competency": "craft", "applicability": "not-in-use"},
            **forked(),
        ),
        ladder(says("l1", "Writes."), **forked()),
        {"m1": "asks-more"},
        "2.0.0",
        ("m1", "Writes."),
    ),
    "a duty returns because an optional cell is removed": Case(
        ladder(
            says("l1", "Writes."),
            {"level": "m1", "competency": "craft", "applicability": "optional"},
            **forked(),
        ),
        ladder(says("l1", "Writes."), **forked()),
        {"m1": "asks-more"},
        "2.0.0",
        ("m1", "Writes."),
    ),
    "a line of an unlisted kind": Case(
        ladder(says("e1", "Writes.")),
        ladder(
            {
                "level": "e1",
                "competency": "craft",
                "statements": [{"text": "Writes."}, {"text": "Files reports.", "kind": "task"}],
            }
        ),
        {"e1": "asks-more"},
        "2.0.0",
        ("e1", "Files reports."),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_change_means_the_same_in_every_format(empty_api: Api, name: str) -> None:
    case, client = CASES[name], empty_api.client
    empty_api.publish(case.before, "1.0.0", NOW)
    write_draft(empty_api, case.after, "ada")
    asked = {"content_sha256": sha(case.after)}
    made = client.post(f"{LADDER}/releases", json=asked, headers=empty_api.key("pat", "publish")).json()
    assert made["version"] == case.version
    diff = empty_api.json(f"{LADDER}/diff")
    assert {one["level"]: one["impact"] for one in diff["levels"]} == case.levels
    assert diff["least_bump"] == {"2.0.0": "major", "1.1.0": "minor"}[case.version]
    markdown = client.get(f"{LADDER}/diff.md").text
    page = unescape(client.get("/ladders/x/diff").text)
    for impact, heading in HEADINGS.items():
        named = [slug for slug in (one["level"] for one in diff["levels"]) if case.levels[slug] == impact]
        codes = ", ".join(f"`{slug}`" for slug in named)
        assert (f"- {heading} of {codes}\n" in markdown) == bool(named)
    for item in diff["items"]:
        assert WORDS[item["impact"]] in page
    _assert_shown(empty_api, *case.shown)


def _assert_shown(api: Api, slug: str, text: str) -> None:
    """Check that a text holds at a level, in every format."""
    effective = f"{LADDER}/levels/{slug}/effective"
    items = api.json(effective)["items"]
    lines = [
        line
        for item in items
        for entry in item.get("expectations", ())
        for line in [*(one["text"] for one in entry.get("statements", ())), entry.get("summary")]
    ]
    assert lines.count(text) == 1
    assert text in api.client.get(f"{effective}.md").text
    assert [row for row in table(api.client.get(f"{effective}.csv")) if text in row]
    assert text in unescape(api.client.get(f"/ladders/x/levels/{slug}").text)


def test_what_is_not_wanted_is_never_to_be_added(empty_api: Api) -> None:
    lines = [
        {"kind": "effective", "text": "Sets the direction."},
        {"kind": "ineffective", "text": "Thinks of this quarter alone."},
    ]
    cell = {"level": "e2", "competency": "craft", "statements": lines}
    empty_api.publish(ladder(says("e1", "Writes."), cell), "1.0.0", NOW)
    following = f"{LADDER}/levels/e1/next"
    (item,) = empty_api.json(f"{following}?expand=lines")["items"]
    (cell,) = item["cells"]
    assert item["counts"]["statement_count"] == 1
    told = {
        part: [(line["text"], line["counts_as"]) for entry in cell[part] for line in entry["statements"]]
        for part in ("added", "dropped", "unasked")
    }
    assert told == {
        "added": [("Sets the direction.", "asked")],
        "dropped": [("Writes.", "asked")],
        "unasked": [("Thinks of this quarter alone.", "unwanted")],
    }
    header, *rows = table(empty_api.client.get(f"{following}.csv"))
    kinds = {row[header.index("text")]: row[header.index("counts_as")] for row in rows}
    assert kinds == {
        "Sets the direction.": "asked",
        "Writes.": "asked",
        "Thinks of this quarter alone.": "unwanted",
    }
    markdown = empty_api.client.get(f"{following}.md").text
    assert "- *Ineffective (not wanted):* Thinks of this quarter alone.\n" in markdown


def test_points_are_summed_as_decimals_in_every_format(empty_api: Api) -> None:
    steps = [{"slug": "a", "title": "A", "points": 0.1}, {"slug": "b", "title": "B", "points": 0.7}]
    competencies = [{"slug": slug, "title": slug, "scale": "s"} for slug in ("craft", "oncall")]
    tracks = [{"slug": "ic", "title": "IC", "thresholds": [{"points_from": 0.8, "level": "e2"}]}]
    cells = [
        {"level": "e2", "competency": slug, "step": step} for slug, step in (("craft", "a"), ("oncall", "b"))
    ]
    scales = [{"slug": "s", "title": "S", "steps": steps}]
    whole = ladder(*cells, scales=scales, competencies=competencies, tracks=tracks)
    empty_api.publish(whole, "1.0.0", NOW)
    rating = {"ratings": [{"competency": "craft", "step": "a"}, {"competency": "oncall", "step": "b"}]}
    body = empty_api.client.post(f"{LADDER}/levels/e2/gap", json=rating).json()
    assert (body["score"]["reached"], body["score"]["asked"]) == (0.8, 0.8)
    (track,) = body["tracks"]
    assert track["given"] == [{"points_from": 0.8, "level": "e2"}]
    markdown = empty_api.client.post(f"{LADDER}/levels/e2/gap.md", json=rating).text
    assert "0.8 points; this level asks for 0.8.\n" in markdown
