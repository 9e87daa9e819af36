"""The bundles of the seed folder, read once, and what the tests of them have in common."""

from collections import Counter
from functools import cache
from pathlib import Path
from typing import Final

from app.formats.bundle.reader import Bundle, read_bundle
from app.rubric.entities import walk
from app.rubric.ladder import Expectation, Ladder

SEED: Final = Path(__file__).parents[2] / "seed"
NETFLIX: Final = "netflix-engineering/1.0.0.yaml"
FIRST: Final = "example-engineering/1.0.0"
SECOND: Final = "example-engineering/1.1.0"


@cache
def bundle(name: str) -> Bundle:
    """Return the bundle of that path below the seed folder."""
    return read_bundle(SEED / name)


def ladder_of(name: str) -> Ladder:
    """Return the ladder in the bundle of that path."""
    return bundle(name).ladder


def files_of(name: str) -> list[Path]:
    """Return the files of the bundle, in path order."""
    path = SEED / name
    return [path] if path.is_file() else sorted(path.rglob("*.yaml"))


def kinds(name: str) -> dict[str, int]:
    """Return the number of entities of each kind in the bundle."""
    return dict(Counter(node.kind for node in walk(ladder_of(name))))


def cells(ladder: Ladder) -> dict[tuple[str, str, str | None], Expectation]:
    """Return the expectations by level, competency and facet."""
    return {(cell.level, cell.competency, cell.facet): cell for cell in ladder.expectations}


def columns(ladder: Ladder) -> list[tuple[str, str | None]]:
    """Return the places of the bundle: each competency as a whole, then each facet with its competency."""
    whole: list[tuple[str, str | None]] = [(competency.slug, None) for competency in ladder.competencies]
    return [*whole, *((facet.competency, facet.slug) for facet in ladder.facets)]
