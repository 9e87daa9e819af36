"""The filters of a diff: by kind, action, impact, level, track and competency."""

from collections.abc import Callable

from app.api.reading.missing import find_present
from app.api.reading.queries import wrong_value
from app.api.views.diff_sides import Sides
from app.rubric.diff import Change, ChangeFilter
from app.rubric.diff.changes import Action
from app.rubric.entities import Kind
from app.rubric.releases import Impact
from app.rubric.suggest import did_you_mean


def filter_of(
    sides: Sides,
    kind: Kind | None = None,
    action: Action | None = None,
    impact: Impact | None = None,
    level: str | None = None,
    track: str | None = None,
    competency: str | None = None,
) -> Callable[[Change], bool]:
    """Return a function that tells whether a change passes all filters. None filters nothing.

    Raises InvalidParameter for a level, track or competency that neither side has.
    """
    concerning = change_filter(sides, level, track, competency)

    def keep(change: Change) -> bool:
        return (
            kind in {None, change.kind}
            and impact in {None, change.impact}
            and (action is None or action in change.actions)
            and concerning.keeps(change)
        )

    return keep


def change_filter(sides: Sides, level: str | None, track: str | None, competency: str | None) -> ChangeFilter:
    """Return the filter by level, track and competency, by present or former slugs. None filters nothing.

    Raises InvalidParameter for a level, track or competency that neither side has.
    """
    return ChangeFilter(
        sides.before.index,
        sides.after.index,
        _slugs(sides, "level", level),
        _slugs(sides, "track", track),
        _slugs(sides, "competency", competency),
    )


def _slugs(sides: Sides, kind: str, slug: str | None) -> frozenset[str] | None:
    """Return the slugs that an entity has on both sides. Raises InvalidParameter if neither side has it."""
    if slug is None:
        return None
    database, indexes = sides.serving.database, (sides.before.index, sides.after.index)
    found = (find_present(database, side, kind, slug) for side in (sides.before, sides.after))
    slugs = frozenset(node.address for node in found if node is not None)
    if slugs:
        return slugs
    suggestion = did_you_mean(slug, (node.address for index in indexes for node in index.of_kind(kind)))
    raise wrong_value(kind, f"Neither release has a {kind} {slug[:80]!r}.{suggestion}")
