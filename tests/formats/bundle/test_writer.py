"""Exports: reading one gives the same ladder and release, and the text is the one an author would write."""

import json
from datetime import UTC, datetime
from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.formats.bundle.reader import ReleaseBlock, parse_bundle, read_bundle
from app.formats.bundle.writer import export_json, export_yaml
from app.formats.syntax.nodes import Source, plain
from app.formats.syntax.yaml_reader import read_yaml
from app.formats.syntax.yaml_writer import to_yaml
from app.rubric.canonical import canonical
from app.rubric.ladder import Ladder
from app.rubric.releases import Version
from tests.strategies import FRAMEWORKS, ladders

_MOMENTS = st.datetimes(timezones=st.just(UTC))
_RELEASES = st.none() | st.builds(
    ReleaseBlock,
    version=st.none() | st.builds(Version, *[st.integers(0, 999)] * 3),
    notes=st.just("First release.\n\nNothing to compare with."),
    published_at=st.none() | _MOMENTS,
    effective_from=st.none() | _MOMENTS,
)
_ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"))
_SPACED_TEXT = st.text(st.sampled_from("ab \n\t:#-'\"?\u00a0\u200b\u2028\x85\ufeff\ue000"), max_size=40)
_LONG_TEXT = st.lists(
    st.sampled_from(["word", "a", "", "#x", "y:", "long" * 30, "\n", "-"]), max_size=60
).map(" ".join)


@given(ladder=ladders(), release=_RELEASES)
def test_an_exported_ladder_reads_back_equal(ladder: Ladder, release: ReleaseBlock | None) -> None:
    for text, name in ((export_yaml(ladder, release), "x.yaml"), (export_json(ladder, release), "x.json")):
        bundle = parse_bundle(text.encode(), name)
        assert bundle.ladder == ladder
        assert canonical(bundle.ladder) == canonical(ladder)
        assert bundle.release == release


_SEED = Path(__file__).parents[3] / "seed"


@pytest.mark.parametrize(
    "path",
    [
        _SEED / "netflix-engineering/1.0.0.yaml",
        *(_SEED / "example-engineering" / version for version in ("1.0.0", "1.1.0")),
        *sorted(FRAMEWORKS.glob("*.yaml")),
    ],
    ids=lambda path: f"{path.parent.name}/{path.name}",
)
def test_what_people_wrote_reads_back_equal_and_exports_to_the_same_text(path: Path) -> None:
    bundle = read_bundle(path)
    text = export_yaml(bundle.ladder, bundle.release)
    again = parse_bundle(text.encode(), "x.yaml")
    assert (again.ladder, again.release) == (bundle.ladder, bundle.release)
    assert export_yaml(again.ladder, again.release) == text


@given(_ANY_TEXT | _SPACED_TEXT | _LONG_TEXT)
@example("yes")
@example("")
@example("\n")
@example("a\n")
@example(" a" * 80)
@example("trailing \nspace " * 20)
@example("a\u2028" * 80)
@example("\ue000\x85:b ?")
@settings(max_examples=300)
def test_yaml_keeps_every_character_of_any_text(text: str) -> None:
    document = {"text": text, "list": [text, {"text": text, "inner": {"deeper": [text]}}]}
    root, remarks = read_yaml(Source("x.yaml", to_yaml(document)))
    assert (plain(root), remarks) == (document, [])


def test_yaml_is_what_an_author_would_write() -> None:
    ladder = Ladder.model_validate(
        {
            "slug": "acme",
            "title": "Acme: engineering",
            "summary": "",
            "licence": {"title": "CC-BY-4.0", "url": "https://example.org/by/4.0"},
            "tracks": [
                {"slug": "ic", "title": "Engineer", "thresholds": [{"points_from": 0, "points_to": 1.5}]}
            ],
            "levels": [
                {
                    "slug": "l5",
                    "track": "ic",
                    "code": "5",
                    "title": "Senior",
                    "other_titles": ["yes", "- dash"],
                },
                {"slug": "l6", "track": "ic", "title": "Staff", "years_from": 8},
            ],
            "competencies": [{"slug": "design", "title": "Design", "category": "Craft # one"}],
            "facets": [{"slug": "scale", "competency": "design", "title": "Scale"}],
            "expectations": [
                {
                    "level": "l5",
                    "competency": "design",
                    "facet": "scale",
                    "statements": [
                        {"text": "Plans for growth."},
                        {"text": "Measures.", "kind": "growth", "examples": [{"text": "A load test."}]},
                    ],
                },
                {"level": "l6", "competency": "design", "applicability": "not-in-use"},
            ],
            "pages": [
                {
                    "slug": "overview",
                    "title": "Overview",
                    "text": "# Overview\n\nOne paragraph.\n\n- a list\n  - in a list\n",
                    "about": ["level:l5"],
                }
            ],
            "tips": [
                {
                    "slug": "one",
                    "title": "One",
                    "text": "A long line that goes on and on until it has said what it has to say, "
                    "and then, where others would stop,  goes on.",
                },
                {
                    "slug": "two",
                    "title": "Two",
                    "text": 'Trailing space \nand a\ttab, a\u2028separator, "quotes".',
                },
            ],
            "sources": [{"title": "A book", "retrieved": "2026-03-31"}],
        }
    )
    release = ReleaseBlock(version=Version(1, 0, 0), published_at=datetime(2026, 3, 31, 9, 30, tzinfo=UTC))
    assert export_yaml(ladder, release) == dedent(
        """\
        release:
          version: "1.0.0"
          published_at: "2026-03-31T09:30:00Z"
        slug: acme
        title: "Acme: engineering"
        summary: ""
        language: en
        licence:
          title: CC-BY-4.0
          url: https://example.org/by/4.0
        cumulative: unsaid
        tracks:
          - slug: ic
            title: Engineer
            thresholds:
              - points_from: 0
                points_to: 1.5
            levels:
              - slug: l5
                code: "5"
                title: Senior
                other_titles:
                  - "yes"
                  - "- dash"
                expectations:
                  - facet: scale
                    statements:
                      - Plans for growth.
                      - kind: growth
                        text: Measures.
                        examples:
                          - A load test.
              - slug: l6
                title: Staff
                years_from: 8
                expectations:
                  - competency: design
                    applicability: not-in-use
        competencies:
          - slug: design
            title: Design
            category: "Craft # one"
            facets:
              - slug: scale
                title: Scale
        tips:
          - slug: one
            title: One
            text: >-
              A long line that goes on and on until it has said what it has to say, and then, where others
              would stop,  goes on.
          - slug: two
            title: Two
            text: "Trailing space \\nand a\\ttab, a\\u2028separator, \\"quotes\\"."
        pages:
          - slug: overview
            title: Overview
            text: |
              # Overview

              One paragraph.

              - a list
                - in a list
            about:
              - level:l5
        sources:
          - title: A book
            retrieved: "2026-03-31"
        """
    )


def test_json_is_the_same_document() -> None:
    ladder = Ladder.model_validate(
        {
            "slug": "acme",
            "title": "Acmé",
            "competencies": [{"slug": "design", "title": "Design", "examples": [{"text": "One."}]}],
            "facets": [{"slug": "scale", "competency": "design", "title": "Scale"}],
        }
    )
    assert export_json(ladder, None) == dedent(
        """\
        {
          "slug": "acme",
          "title": "Acmé",
          "language": "en",
          "cumulative": "unsaid",
          "competencies": [
            {
              "slug": "design",
              "title": "Design",
              "examples": [
                "One."
              ],
              "facets": [
                {
                  "slug": "scale",
                  "title": "Scale"
                }
              ]
            }
          ]
        }
        """
    )


@pytest.mark.parametrize(
    ("competencies", "facets"),
    [
        (["a", "b"], [("x", "b"), ("y", "a")]),
        (["a", "b"], [("x", "a"), ("y", "b"), ("z", "a")]),
        (["a"], [("x", "a"), ("y", "gone")]),
        (["a", "a"], [("x", "a")]),
        ([], [("x", "gone")]),
    ],
    ids=["other order", "interleaved", "orphan", "two parents of one slug", "no parent"],
)
def test_a_list_that_nesting_would_reorder_or_lose_stays_flat(
    competencies: list[str], facets: list[tuple[str, str]]
) -> None:
    ladder = Ladder.model_validate(
        {
            "slug": "acme",
            "title": "Acme",
            "competencies": [{"slug": slug, "title": "T"} for slug in competencies],
            "facets": [{"slug": slug, "competency": home, "title": "T"} for slug, home in facets],
        }
    )
    document = json.loads(export_json(ladder, None))
    assert [facet["slug"] for facet in document["facets"]] == [slug for slug, _ in facets]
    assert parse_bundle(export_yaml(ladder, None).encode(), "x.yaml").ladder == ladder


def test_a_facet_named_twice_implies_only_the_competency_of_the_first() -> None:
    ladder = Ladder.model_validate(
        {
            "slug": "acme",
            "title": "Acme",
            "facets": [{"slug": "x", "competency": home, "title": "T"} for home in ("a", "b")],
            "expectations": [{"level": "l", "competency": home, "facet": "x"} for home in ("a", "b")],
        }
    )
    assert json.loads(export_json(ladder, None))["expectations"] == [
        {"level": "l", "facet": "x"},
        {"level": "l", "competency": "b", "facet": "x"},
    ]
    assert parse_bundle(export_json(ladder, None).encode(), "x.json").ladder == ladder


def test_an_empty_release_block_is_left_out() -> None:
    ladder = Ladder(slug="acme", title="Acme")
    assert export_yaml(ladder, ReleaseBlock()) == export_yaml(ladder, None)
