"""Statement kinds: what a line of each kind counts as.

A ladder can list its own kinds. A kind that it does not list has the default of its word; a line of any other kind,
or of none, is asked.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from app.rubric.index import Index
from app.rubric.ladder import CountsAs
from app.rubric.parts import Statement

SUMMARY: Final = "summary"
"""The word for summaries among the kinds of lines. No statement may have it as its kind."""
STRENGTHS: Final[tuple[CountsAs, ...]] = ("asked", "optional", "ahead", "sign", "unwanted")
"""The values of `counts_as`, the strongest first."""
DEFAULTS: Final[Mapping[str, CountsAs]] = MappingProxyType(
    {
        "core": "asked",
        "growth": "ahead",
        "complementary": "optional",
        "indicator": "sign",
        "ineffective": "unwanted",
    }
)
"""The value of `counts_as` by kind, if the ladder does not list the kind."""


class StatementKinds:
    """The statement kinds of one ladder: `index.once(StatementKinds)`."""

    def __init__(self, index: Index) -> None:
        listed = {kind.slug: kind for kind in reversed(index.ladder.statement_kinds)}
        self._counted: dict[str, CountsAs] = dict(DEFAULTS) | {
            slug: kind.counts_as for slug, kind in listed.items()
        }
        self._titles = {slug: kind.title for slug, kind in listed.items()}

    def counts_as(self, kind: str | None) -> CountsAs:
        """Return what a line of a kind counts as."""
        return "asked" if kind is None else self._counted.get(kind, "asked")

    def title(self, kind: str) -> str:
        """Return the title of a kind; its word if the ladder does not list it."""
        return self._titles.get(kind, kind)


def kinds_used(index: Index) -> tuple[str, ...]:
    """Return the kinds that the statements of a ladder have, in the order in which they first occur."""
    found = (node.entity.kind for node in index.of_kind("statement") if isinstance(node.entity, Statement))
    return tuple(dict.fromkeys(kind for kind in found if kind is not None))
