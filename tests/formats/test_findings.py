"""Messages about values that do not fit: what is wrong, what is allowed, how to fix it."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.errors import InvalidLadder
from app.formats.bundle.reader import MAX_FAULTS, parse_bundle
from app.rubric.ladder import Ladder

_HEAD = "slug: acme\ntitle: Acme\n"


def _said(text: str, name: str = "x.yaml") -> list[str]:
    with pytest.raises(InvalidLadder) as raised:
        parse_bundle(text.encode(), name)
    return [fault.detail for fault in raised.value.faults]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("levls: []", "3:1: unknown property `levls`; did you mean `levels`?"),
        ("Levels: []", "3:1: unknown property `Levels`; did you mean `levels`?"),
        ("relese: {}", "3:1: unknown property `relese`; did you mean `release`?"),
        (
            "licence: {url: x}",
            "3:10: `title` is missing; add it: name or SPDX identifier",
        ),
        ("licence: {title: MIT, uri: x}", "3:23: unknown property `uri`; did you mean `url`?"),
        ("licence: {title: MIT, zzz: x}", "3:23: unknown property `zzz`; allowed: title, url"),
        (
            "licence: [MIT]",
            "3:10: `licence` must be a mapping, not a list; write its properties as `name: value`",
        ),
        ("summary: 5", "3:10: `summary` must be text, not `5`; put it in quotes"),
        ("summary: true", "3:10: `summary` must be text, not `true`; put it in quotes"),
        ("summary: {a: b}", "3:10: `summary` must be text, not a mapping; write text"),
        ("summary: [a]", "3:10: `summary` must be text, not a list; write text"),
        (
            "language: British English",
            "3:11: `British English` is not a language tag; write one such as `en` or `pt-BR`",
        ),
        ("cumulative: maybe", "3:13: `cumulative` cannot be the text `maybe`; write one of yes, no, unsaid"),
        ("cumulative: Yes!", "3:13: `cumulative` cannot be the text `Yes!`; did you mean `yes`?"),
        ("cumulative: true", "3:13: `cumulative` cannot be `true`; write one of yes, no, unsaid"),
        ("cumulative: [yes]", "3:13: `cumulative` cannot be a list; write one of yes, no, unsaid"),
        ("language:", "3:10: `language` is empty; write its value, or delete it"),
        ("levels:", "3:8: `levels` must be a list; delete the line, or write `[]`"),
        ("levels: all", "3:9: `levels` must be a list; put it in a list"),
        ("levels: {l5: {}}", "3:9: `levels` must be a list; put it in a list"),
        (
            "levels: [l5]",
            (
                "3:10: each entry of `levels` must be a mapping, not the text `l5`; "
                "write its properties as `name: value`"
            ),
        ),
        ("levels: [null]", "3:10: an entry of `levels` is empty; write its value, or delete it"),
        ("tracks: [{slug: a, title: A, levels: x}]", "3:38: `levels` must be a list; put it in a list"),
        (
            "tracks: [{slug: a, title: A, facets: []}]",
            (
                "3:30: unknown property `facets`; allowed: "
                "slug, title, summary, group, extends, extending, ordered, thresholds, formerly, references, "
                "sources, alignments, external_ids, levels"
            ),
        ),
        ("formerly: acme-1", "3:11: `formerly` must be a list; put it in a list"),
        (
            "formerly: [Acme 1]",
            "3:12: `Acme 1` is not a slug: lower-case letters and digits joined by single hyphens; write `acme-1`",
        ),
        (
            "formerly: ['']",
            (
                "3:12: `` is not a slug: lower-case letters and digits joined by single hyphens; "
                "write for example `system-design`"
            ),
        ),
        (f"formerly: [{'a' * 101}]", "3:12: `formerly` is too long; shorten it to 100 characters"),
        (
            "sources: [{title: ''}]",
            "3:19: `title` is an empty text; write something, or delete it if it is optional",
        ),
        (
            "sources: [{title: A, retrieved: 2026-3-1}]",
            "3:33: `retrieved` cannot be the text `2026-3-1`: a day is written as year-month-day, such as 2026-03-31",
        ),
        (
            "pages: [{slug: a, title: A, text: t, about: [L5]}]",
            "3:46: `L5` is not a reference; write kind and slug: for example `level:l5`",
        ),
        (
            "pages: [{slug: a, title: A, text: t, about: [Level:L 5--Design]}]",
            "3:46: `Level:L 5--Design` is not a reference; write kind and slug: `level:l-5--design`",
        ),
        (
            "pages: [{slug: a, title: A, text: t, about: level:l5}]",
            "3:45: `about` must be a list, not the text `level:l5`; put it in a list",
        ),
        (
            "levels: [{slug: a, track: b, title: A, rank: '3'}]",
            "3:46: `rank` must be a number, not the text `3`; write digits without quotes",
        ),
        (
            "levels: [{slug: a, track: b, title: A, rank: true}]",
            "3:46: `rank` must be a number, not `true`; write digits without quotes",
        ),
        (
            "levels: [{slug: a, track: b, title: A, rank: .inf}]",
            "3:46: `rank` cannot be `inf`: a number must be finite",
        ),
        (
            "levels: [{slug: a, track: b, title: A, rank: 9007199254740993}]",
            "3:46: `rank` cannot be `9007199254740993`: a number must lie within 2^53 of zero (RFC 8785)",
        ),
        (
            'summary: "a\\0b"',
            "3:10: `summary` cannot be the text `a\\x00b`: text must not contain the NUL character; delete it",
        ),
        (
            "$schema: 5\nlevels: []\nx: 1",
            (
                "5:1: unknown property `x`; allowed: "
                "slug, title, summary, organisation, language, licence, attribution, cumulative, "
                "statement_kinds, categories, groups, tracks, levels, scales, "
                "competencies, facets, expectations, faqs, tips, pages, removals, translations, formerly, "
                "references, sources, alignments, external_ids, release, $schema"
            ),
        ),
        (f"{'x' * 1_000}: 1", None),
    ],
)
def test_a_wrong_value_is_reported_with_its_place_and_fix(line: str, said: str | None) -> None:
    found = _said(_HEAD + line)
    if said is None:
        assert len(found) == 1
        assert found[0].startswith(f"x.yaml:3:1: unknown property `{'x' * 59}…`; allowed: slug, ")
    else:
        assert found == [f"x.yaml:{said}"]


@pytest.mark.parametrize("text", ["[]", "- slug: a", "just text", "5"])
@pytest.mark.parametrize("name", ["x.yaml", "x.json"])
def test_a_file_that_is_not_a_mapping_is_reported(text: str, name: str) -> None:
    if name == "x.json":
        text = {"[]": "[]", "5": "5"}.get(text, '"text"')
    assert _said(text, name) == [
        (
            f"{name}:1:1: a bundle file holds the properties of a ladder (`slug: …`, `levels: …`), "
            "not a list or a single value"
        )
    ]


def test_a_rejected_value_is_reported_once_together_with_other_faults() -> None:
    assert _said(_HEAD + "summary: !!int 5\nlanguage: *x\ntracks: [&a {slug: ic}]\n") == [
        "x.yaml:3:10: tags (`tag:yaml.org,2002:int`) are not read; delete it, quotes make text",
        "x.yaml:4:11: aliases (`*x`) are not read; write the value out",
        "x.yaml:5:10: anchors (`&a`) are not read; delete it",
        "x.yaml:5:10: `title` is missing; add it: name for people",
    ]


@pytest.mark.parametrize(
    ("text", "pointer"),
    [
        (
            '{"slug": "a", "title": "A", "tracks": [{"slug": "b", "title": "B", "levels": [{"slug": 5}]}]}',
            ["/tracks/0/levels/0", "/tracks/0/levels/0/slug"],
        ),
        ('{"slug": "a", "title": "A", "a/b~c": 1}', ["/a~1b~0c"]),
        ('{"slug": "a", "slug": "b", "title": "A"}', ["/slug"]),
        (
            '{"slug": "a", "title": "A", "statements": 1, "tips": [{"slug": "a", "title": "t", "text": "\\ud800"}]}',
            ["/statements", "/tips/0/text"],
        ),
    ],
)
def test_a_fault_points_into_the_file_as_it_was_written(text: str, pointer: list[str]) -> None:
    with pytest.raises(InvalidLadder) as raised:
        parse_bundle(text.encode(), "x.json")
    assert [fault.pointer for fault in raised.value.faults] == pointer


_NAMES = st.sampled_from(
    [
        *Ladder.model_fields,
        "release",
        "$schema",
        "level",
        "track",
        "competency",
        "facet",
        "step",
        "text",
        "statements",
        "examples",
        "proficiencies",
        "about",
        "rank",
        "version",
        "points",
        "url",
        "other",
    ]
)
_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.sampled_from(["", "l5", "L 5", "level:l5", "\ud800"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_NAMES, inner, max_size=5),
    max_leaves=20,
)


@given(st.dictionaries(_NAMES, _VALUES, max_size=6))
@settings(deadline=None)
def test_every_finding_has_a_place_and_names_no_python_class(
    value: dict[str, object],
) -> None:
    text = json.dumps(value).replace("NaN", "null").replace("Infinity", "1e999")
    try:
        parse_bundle(text.encode(), "x.json")
    except InvalidLadder as error:
        details = [fault.detail for fault in error.faults]
    else:
        details = []
    for detail in details:
        assert detail.startswith("x.json:1:")
        assert "Input should" not in detail
        assert detail.encode()


def test_what_is_echoed_can_be_printed_anywhere() -> None:
    found = _said('slug: "\\e[31m\\u202e\\n"\ntitle: Acme')
    assert found == [
        (
            "x.yaml:1:7: `\\x1b[31m\\u202e\\n` is not a slug: lower-case letters and digits joined by "
            "single hyphens; "
            "write `31m`"
        )
    ]


@pytest.mark.parametrize("entry", ["{}", "0", '{"slug": 1, "x": 2}'])
def test_a_file_wrong_throughout_is_answered_with_its_first_findings(entry: str) -> None:
    text = _HEAD + f"levels: [{', '.join([entry] * 20_000)}]"
    with pytest.raises(InvalidLadder) as raised:
        parse_bundle(text.encode(), "x.yaml")
    faults = raised.value.faults
    assert len(faults) == MAX_FAULTS + 1
    assert faults[0].detail.startswith("x.yaml:3:10: ")
    assert faults[-1].detail.endswith(": there are more errors after this one; fix those above first")
    assert raised.value.detail == f"{faults[0].detail} (and {MAX_FAULTS} more)"


def test_the_first_findings_are_found_behind_many_right_values() -> None:
    right = ", ".join(["{slug: a, track: b, title: A}"] * 3_000)
    wrong = ", ".join(["{}"] * 3_000)
    found = _said(_HEAD + f"levels: [{right},\n{wrong}]")
    assert (
        found[0] == "x.yaml:4:1: `slug` is missing; add it: name for URLs, unique among the ladder's levels"
    )
    assert len(found) == MAX_FAULTS + 1


def test_a_fault_never_repeats_a_very_long_name() -> None:
    name = "x" * 1_000_000
    with pytest.raises(InvalidLadder) as refusal:
        parse_bundle(f'{{"slug": "a", "title": "A", "{name}": 1}}'.encode(), "x.json")
    (fault,) = refusal.value.faults
    assert len(fault.detail) <= 1_000
    assert fault.pointer is not None
    assert len(fault.pointer) <= 1_000
    assert len(refusal.value.detail) <= 1_000
