"""Whole ladders for tests: generated ones that use every part of the model, and fixtures in real shapes.

A generated ladder breaks no rule (it has no finding of severity error). Its texts, numbers and omissions are as odd
as the model allows.
"""

from pathlib import Path
from typing import Final

from hypothesis import strategies as st

from app.formats.bundle.reader import read_bundle
from app.rubric.ladder import Ladder
from tests.authoring import Author

FRAMEWORKS: Final = Path(__file__).parent / "frameworks"
"""Folder of the fixtures: one bundle of one file each."""


@st.composite
def ladders(draw: st.DrawFn, max_size: int = 3) -> Ladder:
    """Give whole ladders without errors; `max_size` bounds the lists (the cells by twice as much)."""
    return Author(draw, max_size).ladder()


def framework_ladders() -> dict[str, Ladder]:
    """Return the fixtures with the shapes of real frameworks, by file name without its extension."""
    return {path.stem: read_bundle(path).ladder for path in sorted(FRAMEWORKS.glob("*.yaml"))}
