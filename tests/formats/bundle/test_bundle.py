"""Bundles: every form an author may write gives the same flat ladder, and every part knows its place."""

import json
from pathlib import Path
from textwrap import dedent

import pytest

from app.errors import InvalidLadder
from app.formats.bundle.reader import Bundle, parse_bundle, read_bundle
from app.rubric.canonical import plain
from app.rubric.ladder import Ladder
from tests.formats.forms import FLAT, NESTED


def _yaml(text: str) -> Bundle:
    return parse_bundle(dedent(text).encode(), "x.yaml")


def _said(bundle: str | Path) -> list[str]:
    """Return the faults of the text of one file, or of the files of a folder."""
    with pytest.raises(InvalidLadder) as raised:
        read_bundle(bundle) if isinstance(bundle, Path) else _yaml(bundle)
    return [fault.detail for fault in raised.value.faults]


def _folder(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).write_text(dedent(text), encoding="utf-8")
    return folder


def test_children_inside_their_parents_and_plain_text_give_the_flat_ladder() -> None:
    assert _yaml(NESTED).ladder == Ladder.model_validate(FLAT)


def test_the_flat_form_is_read_from_yaml_and_json_alike() -> None:
    data = json.dumps(FLAT).encode()
    assert parse_bundle(data, "x.json").ladder == parse_bundle(data, "x.yaml").ladder == _yaml(NESTED).ladder


def test_canonical_json_is_a_bundle_too() -> None:
    ladder = _yaml(NESTED).ladder
    assert parse_bundle(json.dumps(plain(ladder), sort_keys=True).encode(), "x.json").ladder == ladder


def test_a_folder_gives_the_same_as_one_file(tmp_path: Path) -> None:
    parts = {
        "1-ladder.yaml": "slug: acme\ntitle: Acme\ncumulative: yes\n",
        "2-tracks.json": json.dumps({"tracks": FLAT["tracks"], "$schema": "x"}),
        "3-l5.yaml": """\
            levels:
              - slug: l5
                track: ic
                title: Senior
                examples: [Leads a project.]
                expectations:
                  - facet: scale
                    statements:
                      - Plans for growth.
                      - {text: Measures load., kind: growth, examples: [Ran a load test.]}
            """,
        "3-l6.yaml": "levels: [{slug: l6, track: ic, title: Staff}]\n",
        "4-rest.yaml": """\
            expectations: [{level: l5, competency: design, summary: Designs alone.}]
            facets: [{slug: scale, competency: design, title: Scale}]
            competencies:
              - {slug: design, title: System design, proficiencies: [{step: expert, statements: [Teaches it.]}]}
            """,
    }
    assert read_bundle(_folder(tmp_path, parts)).ladder == _yaml(NESTED).ladder


def test_the_order_is_that_of_the_document_wherever_a_child_is_written() -> None:
    ladder = _yaml(
        """\
        slug: acme
        title: Acme
        levels: [{slug: first, track: b, title: T}]
        tracks:
          - {slug: a, title: A, levels: [{slug: second, title: T}]}
          - {slug: b, title: B, levels: [{slug: third, title: T, expectations: [{competency: c}]}]}
        expectations: [{level: first, competency: c}]
        """
    ).ladder
    assert [(level.slug, level.track) for level in ladder.levels] == [
        ("first", "b"),
        ("second", "a"),
        ("third", "b"),
    ]
    assert [expectation.level for expectation in ladder.expectations] == ["third", "first"]


def test_an_implied_reference_may_be_written_if_it_says_the_same() -> None:
    written = NESTED.replace("- slug: l6", "- track: ic\n        slug: l6").replace(
        "- slug: scale", "- competency: design\n        slug: scale"
    )
    assert _yaml(written).ladder == _yaml(NESTED).ladder


def test_an_implied_reference_that_contradicts_its_place_is_a_finding() -> None:
    assert _said(
        """\
        slug: acme
        title: Acme
        tracks:
          - slug: ic
            title: IC
            levels:
              - slug: l5
                track: manager
                title: L5
                expectations: [{level: l6, competency: a}]
        competencies:
          - {slug: a, title: A, facets: [{slug: b, competency: [c], title: B}]}
        """
    ) == [
        (
            "x.yaml:8:16: `track` is `manager`, but this entry is inside the track `ic`; "
            "delete the line, or move the entry"
        ),
        (
            "x.yaml:10:32: `level` is `l6`, but this entry is inside the level `l5`; "
            "delete the line, or move the entry"
        ),
        "x.yaml:12:56: `competency` must be text, not a list; write text",
    ]


def test_a_parent_with_a_wrong_slug_is_found_once_and_not_again_at_its_children() -> None:
    assert _said(
        """\
        slug: acme
        title: Acme
        tracks:
          - {slug: I C, title: IC, levels: [{slug: a, title: A}, {slug: b, title: B}]}
          - {title: M, levels: [{slug: c, title: C}]}
        """
    ) == [
        "x.yaml:4:12: `I C` is not a slug: lower-case letters and digits joined by single hyphens; write `i-c`",
        "x.yaml:5:5: `slug` is missing; add it: name for URLs, unique among the ladder's tracks",
    ]


def test_a_facet_that_is_nowhere_implies_no_competency() -> None:
    assert _said(
        """\
        slug: acme
        title: Acme
        facets: [{slug: scaling, competency: design, title: S}]
        expectations: [{level: l5, facet: scalling}, {level: l5, facet: other}, {level: l5}]
        """
    ) == [
        "x.yaml:4:35: this ladder has no facet `scalling`; did you mean `scaling`?",
        "x.yaml:4:65: this ladder has no facet `other`; correct the name, or write `competency` too",
        "x.yaml:4:73: `competency` is missing; add it: the competency it asks in",
    ]


def test_a_property_in_two_files_names_both_places(tmp_path: Path) -> None:
    files = {
        "a.yaml": "slug: acme\nrelease: {notes: A}\n",
        "b.json": '{"title": "Acme",\n "slug": "other", "release": {}}',
    }
    assert _said(_folder(tmp_path, files)) == [
        f"{tmp_path}/b.json:2:2: `slug` is in two files, first at {tmp_path}/a.yaml:1:1; keep one of them",
        (
            f"{tmp_path}/b.json:2:19: `release` is in two files, first at {tmp_path}/a.yaml:2:1; keep one of them"
        ),
    ]


def test_findings_of_all_files_come_together_in_document_order(tmp_path: Path) -> None:
    files = {"a.yaml": "slug: A\nlevels: [1]", "b.yaml": "titel: x\nlevels: [{slug: l5}]\nslug: b"}
    with pytest.raises(InvalidLadder) as raised:
        read_bundle(_folder(tmp_path, files))
    found = [(fault.detail.removeprefix(f"{tmp_path}/"), fault.pointer) for fault in raised.value.faults]
    assert found == [
        ("a.yaml:1:1: `title` is missing; add it: name for people", ""),
        (
            "a.yaml:1:7: `A` is not a slug: lower-case letters and digits joined by single hyphens; write `a`",
            "/slug",
        ),
        (
            "a.yaml:2:10: each entry of `levels` must be a mapping, not `1`; write its properties as `name: value`",
            "/levels/0",
        ),
        ("b.yaml:1:1: unknown property `titel`; did you mean `title`?", "/titel"),
        ("b.yaml:2:10: `track` is missing; add it: the track it is a rung of", "/levels/0"),
        ("b.yaml:2:10: `title` is missing; add it: name for people", "/levels/0"),
        (
            f"b.yaml:3:1: `slug` is in two files, first at {tmp_path}/a.yaml:1:1; keep one of them",
            "/slug",
        ),
    ]
