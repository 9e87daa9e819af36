"""Bundles: every form an author may write gives the same flat ladder, and every part knows its place."""

import json
import pickle
from datetime import UTC, datetime
from pathlib import Path
from textwrap import dedent

import pytest

from app.errors import InvalidLadder
from app.formats.bundle import Bundle, ReleaseBlock, parse_bundle, read_bundle
from app.rubric.canonical import plain
from app.rubric.ladder import Ladder
from app.rubric.releases import Version

_NESTED = dedent(
    """\
    # yaml-language-server: $schema=ladder.schema.json
    $schema: ladder.schema.json
    slug: acme
    title: Acme
    cumulative: yes
    tracks:
      - slug: ic
        title: Engineer
        levels:
          - slug: l5
            title: Senior
            examples: [Leads a project.]
            expectations:
              - facet: scale
                statements:
                  - Plans for growth.
                  - {text: Measures load., kind: growth, examples: [Ran a load test.]}
              - competency: design
                summary: Designs alone.
          - slug: l6
            title: Staff
    competencies:
      - slug: design
        title: System design
        proficiencies:
          - {step: expert, statements: [Teaches it.]}
        facets:
          - slug: scale
            title: Scale
    """
)
_FLAT: dict[str, object] = {
    "slug": "acme",
    "title": "Acme",
    "cumulative": "yes",
    "tracks": [{"slug": "ic", "title": "Engineer"}],
    "levels": [
        {"slug": "l5", "track": "ic", "title": "Senior", "examples": [{"text": "Leads a project."}]},
        {"slug": "l6", "track": "ic", "title": "Staff"},
    ],
    "competencies": [
        {
            "slug": "design",
            "title": "System design",
            "proficiencies": [{"step": "expert", "statements": [{"text": "Teaches it."}]}],
        }
    ],
    "facets": [{"slug": "scale", "competency": "design", "title": "Scale"}],
    "expectations": [
        {
            "level": "l5",
            "competency": "design",
            "facet": "scale",
            "statements": [
                {"text": "Plans for growth."},
                {"text": "Measures load.", "kind": "growth", "examples": [{"text": "Ran a load test."}]},
            ],
        },
        {"level": "l5", "competency": "design", "summary": "Designs alone."},
    ],
}


def _yaml(text: str) -> Bundle:
    return parse_bundle(dedent(text).encode(), "x.yaml")


def _said(bundle: str | Path) -> list[str]:
    """What is said about the text of one file, or about the files of a folder."""
    with pytest.raises(InvalidLadder) as raised:
        read_bundle(bundle) if isinstance(bundle, Path) else _yaml(bundle)
    return [fault.detail for fault in raised.value.faults]


def _folder(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).write_text(dedent(text), encoding="utf-8")
    return folder


def test_children_inside_their_parents_and_plain_text_give_the_flat_ladder() -> None:
    assert _yaml(_NESTED).ladder == Ladder.model_validate(_FLAT)


def test_the_flat_form_is_read_from_yaml_and_json_alike() -> None:
    data = json.dumps(_FLAT).encode()
    assert parse_bundle(data, "x.json").ladder == parse_bundle(data, "x.yaml").ladder == _yaml(_NESTED).ladder


def test_canonical_json_is_a_bundle_too() -> None:
    ladder = _yaml(_NESTED).ladder
    assert parse_bundle(json.dumps(plain(ladder), sort_keys=True).encode(), "x.json").ladder == ladder


def test_a_folder_gives_the_same_as_one_file(tmp_path: Path) -> None:
    parts = {
        "1-ladder.yaml": "slug: acme\ntitle: Acme\ncumulative: yes\n",
        "2-tracks.json": json.dumps({"tracks": _FLAT["tracks"], "$schema": "x"}),
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
    assert read_bundle(_folder(tmp_path, parts)).ladder == _yaml(_NESTED).ladder


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
    written = _NESTED.replace("- slug: l6", "- track: ic\n        slug: l6").replace(
        "- slug: scale", "- competency: design\n        slug: scale"
    )
    assert _yaml(written).ladder == _yaml(_NESTED).ladder


def test_an_implied_reference_that_says_something_else_is_a_finding() -> None:
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
            "x.yaml:8:16: `track` says `manager`, but this is written inside the track `ic`; "
            "delete the line, or move the entry"
        ),
        (
            "x.yaml:10:32: `level` says `l6`, but this is written inside the level `l5`; "
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
        "x.yaml:4:12: `I C` is no slug: lower-case letters and digits joined by single hyphens; write `i-c`",
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
        "x.yaml:4:35: no facet of this ladder is called `scalling`; did you mean `scaling`?",
        "x.yaml:4:65: no facet of this ladder is called `other`; mend the name, or write `competency` too",
        "x.yaml:4:73: `competency` is missing; add it: the competency it asks in",
    ]


def test_a_property_in_two_files_names_both_places(tmp_path: Path) -> None:
    files = {
        "a.yaml": "slug: acme\nrelease: {notes: A}\n",
        "b.json": '{"title": "Acme",\n "slug": "other", "release": {}}',
    }
    assert _said(_folder(tmp_path, files)) == [
        f"{tmp_path}/b.json:2:2: `slug` is written in two files, first at {tmp_path}/a.yaml:1:1; keep one of them",
        (
            f"{tmp_path}/b.json:2:19: `release` is written in two files, first at {tmp_path}/a.yaml:2:1; "
            "keep one of them"
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
            "a.yaml:1:7: `A` is no slug: lower-case letters and digits joined by single hyphens; write `a`",
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
            f"b.yaml:3:1: `slug` is written in two files, first at {tmp_path}/a.yaml:1:1; keep one of them",
            "/slug",
        ),
    ]


# The release block


def test_a_release_block_is_read_beside_the_ladder() -> None:
    bundle = _yaml(
        """\
        slug: acme
        title: Acme
        release:
          version: 1.2.0
          notes: Second.
          published_at: 2026-03-31
          effective_from: 2026-04-01T00:30:00.5+02:00
        """
    )
    assert bundle.release == ReleaseBlock(
        version=Version(1, 2, 0),
        notes="Second.",
        published_at=datetime(2026, 3, 31, tzinfo=UTC),
        effective_from=datetime(2026, 3, 31, 22, 30, 0, 500_000, tzinfo=UTC),
    )
    assert _yaml("slug: acme\ntitle: Acme\n").release is None


@pytest.mark.parametrize(
    ("block", "said"),
    [
        (
            "version: 1.2",
            "20: `version` cannot be `1.2`: a release number is text like 1.2.0: major.minor.patch",
        ),
        (
            "version: v1.0.0",
            "20: `version` cannot be the text `v1.0.0`: a release number is text like 1.2.0: major.minor.patch",
        ),
        (
            "published_at: 2026-02-30",
            "25: `published_at` cannot be the text `2026-02-30`: there is no such date or time; mend it",
        ),
        (
            "published_at: 0001-01-01T00:00:00+23:00",
            (
                "25: `published_at` cannot be the text `0001-01-01T00:00:00+23:00`: "
                "there is no such date or time; mend it"
            ),
        ),
        *(
            (
                f"published_at: {written}",
                (
                    f"25: `published_at` cannot be {shown}: write a date (2026-03-31, its first moment in UTC) "
                    "or a time with its offset (2026-03-31T09:00:00Z)"
                ),
            )
            for written, shown in [
                ("2026-03-31T09:00:00", "the text `2026-03-31T09:00:00`"),
                ("tomorrow", "the text `tomorrow`"),
                ("1774915200", "`1774915200`"),
            ]
        ),
        ("note: x", "11: unknown property `note`; did you mean `notes`?"),
        ("version: null, notes: 5", "33: `notes` must be text, not `5`; put it in quotes"),
    ],
)
def test_a_wrong_release_block_is_a_finding(block: str, said: str) -> None:
    assert _said(f"release: {{{block}}}\nslug: a\ntitle: A") == [f"x.yaml:1:{said}"]


def test_a_release_block_that_is_no_mapping_is_a_finding() -> None:
    assert _said("release: 1.0.0\nslug: a\ntitle: A") == [
        "x.yaml:1:10: `release` must be a mapping, not the text `1.0.0`; write its properties as `name: value`"
    ]


# Places


@pytest.mark.parametrize(
    ("pointer", "place"),
    [
        ("", "x.yaml:2:1"),
        ("/slug", "x.yaml:3:7"),
        ("/levels/1", "x.yaml:20:9"),
        ("/levels/1/title", "x.yaml:21:16"),
        ("/levels/1/track", "x.yaml:7:11"),
        ("/levels/1/summary", "x.yaml:20:9"),
        ("/levels/2/title", "x.yaml:10:7"),
        ("/levels/x", "x.yaml:10:7"),
        ("/facets/0/competency", "x.yaml:23:11"),
        ("/expectations/0/competency", "x.yaml:14:20"),
        ("/expectations/0/statements/0", "x.yaml:16:17"),
        ("/expectations/0/statements/0/text", "x.yaml:16:17"),
        ("/expectations/0/statements/1/examples/0/text", "x.yaml:17:65"),
        ("/nothing/like/it", "x.yaml:2:1"),
        ("/a~1b~0c", "x.yaml:2:1"),
    ],
)
def test_a_pointer_into_the_flat_ladder_leads_to_the_place_in_the_file(pointer: str, place: str) -> None:
    assert str(_yaml(_NESTED).locate(pointer)) == place


def test_the_release_block_has_places_too() -> None:
    bundle = _yaml("slug: a\ntitle: A\nrelease: {version: 1.0.0}")
    assert str(bundle.locate("/release/version")) == "x.yaml:3:20"


def test_what_is_no_pointer_leads_nowhere() -> None:
    assert _yaml(_NESTED).locate("levels/0") is None


def test_a_bundle_and_its_errors_pass_between_processes() -> None:
    bundle = _yaml(_NESTED)
    copy = pickle.loads(pickle.dumps(bundle))  # noqa: S301 - our own bytes
    assert (copy.ladder, str(copy.locate("/levels/1"))) == (bundle.ladder, "x.yaml:20:9")
    with pytest.raises(InvalidLadder) as raised:
        _yaml("slug: a")
    error = pickle.loads(pickle.dumps(raised.value))  # noqa: S301 - our own bytes
    assert (error.detail, error.faults) == (raised.value.detail, raised.value.faults)
