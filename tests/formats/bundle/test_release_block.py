"""The release block of a bundle: numbers and moments, and what is said of wrong ones."""

from datetime import UTC, datetime
from textwrap import dedent

import pytest

from app.errors import InvalidLadder
from app.formats.bundle.reader import Bundle, ReleaseBlock, parse_bundle
from app.rubric.releases import Version


def _yaml(text: str) -> Bundle:
    return parse_bundle(dedent(text).encode(), "x.yaml")


def _said(text: str) -> list[str]:
    with pytest.raises(InvalidLadder) as raised:
        _yaml(text)
    return [fault.detail for fault in raised.value.faults]


def test_a_release_block_is_read_together_with_the_ladder() -> None:
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
            "20: `version` cannot be `1.2`: a release number is a text such as 1.2.0: major.minor.patch",
        ),
        (
            "version: v1.0.0",
            "20: `version` cannot be the text `v1.0.0`: a release number is a text such as 1.2.0: major.minor.patch",
        ),
        (
            "published_at: 2026-02-30",
            "25: `published_at` cannot be the text `2026-02-30`: there is no such date or time; correct it",
        ),
        (
            "published_at: 0001-01-01T00:00:00+23:00",
            (
                "25: `published_at` cannot be the text `0001-01-01T00:00:00+23:00`: "
                "there is no such date or time; correct it"
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
