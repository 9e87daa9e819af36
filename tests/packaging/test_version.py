"""The changelog and the software name the same version."""

import re
from collections import Counter
from datetime import date
from itertools import pairwise
from pathlib import Path

from app import __version__
from app.rubric.releases import Version

ROOT = Path(__file__).parents[2]


def released() -> list[tuple[Version, date]]:
    """The releases that the changelog has, as it has them: its headings, `1.0.0 - 2026-11-22`."""
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    headings = re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert headings, "The changelog has no heading: neither a release nor Unreleased."
    releases = headings[1:] if headings[0] == "Unreleased" else headings
    parts = [heading.split(" - ") for heading in releases]
    return [(Version.parse(number), date.fromisoformat(day)) for number, day in parts]


def test_the_changelog_has_the_newest_release_first() -> None:
    assert all(newer > older and day >= before for (newer, day), (older, before) in pairwise(released()))


def test_each_entry_of_the_changelog_is_there_once() -> None:
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    starts = Counter(line[:45] for line in text.splitlines() if line.startswith("- "))
    assert [start for start, count in starts.items() if count > 1] == []


def test_the_newest_release_of_the_changelog_is_the_version_of_the_software() -> None:
    newest = [str(version) for version, _day in released()[:1]]
    assert newest in ([], [__version__])
