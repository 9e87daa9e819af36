"""Changes in the words of pages, in sections: the changes that concern the same levels stand together."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from app.api.views.diff_sides import Sides
from app.rubric.diff import Change
from app.rubric.owners import relation
from app.rubric.views.effective_text import level_name
from app.web.layout.change_texts import FieldView, field_views
from app.web.layout.impacts import IMPACT_WORDS
from app.web.layout.rendering import display_name
from app.web.navigation.urls import PageUrls, comes_in_parts
from app.web.translation.kind_words import kind_word
from app.web.translation.messages import N_, NN_, listed

_MOST_NAMED: Final = 12
"""The most levels that a heading names one by one."""
_ACTIONS: Final = {
    "added": N_("New"),
    "removed": N_("Removed"),
    "renamed": N_("Renamed"),
    "moved": N_("Moved"),
    "changed": N_("Changed"),
}
_FURTHER: Final = {
    "added": N_("added"),
    "removed": N_("removed"),
    "renamed": N_("renamed"),
    "moved": N_("moved"),
    "changed": N_("changed"),
}
"""The words for a further action on the same entity: Renamed and changed."""


@dataclass(frozen=True, slots=True)
class ChangeView:
    """One change, in the words of a page."""

    change: Change
    what: str
    """The kind of change and of entity: `New: question`."""
    impact: str
    place: tuple[str, ...]
    """Titles of the competency and the facet that the entity belongs to."""
    name: str
    """The name of the entity; empty for an expectation, which its place names."""
    was: str | None
    """The former name, if it has another one now."""
    url: str | None
    """URL of the page that shows the entity, now or before."""
    fields: tuple[FieldView, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """The changes that concern the same levels."""

    heading: str
    levels: tuple[tuple[str, str | None], ...]
    """The names of the levels and their URLs."""
    changes: tuple[ChangeView, ...]


def level_links(sides: Sides, slugs: Iterable[str]) -> tuple[tuple[str, str | None], ...]:
    """Return the names of levels and their URLs. A removed level has no URL."""
    found: list[tuple[str, str | None]] = []
    urls = PageUrls(sides.root, f"{sides.after.slug}@{sides.after.label}")
    for slug in slugs:
        level = sides.after.index.levels.get(slug)
        gone = sides.before.index.levels.get(slug)
        if level is not None:
            found.append((level.code or level.title, urls.level(slug)))
        else:
            found.append(((gone.code or gone.title) if gone else slug, None))
    return tuple(found)


def _section_order(sides: Sides) -> Callable[[Change], tuple[bool, int, int, tuple[str, ...]]]:
    """Return the sort key of changes by section."""
    order = {one.level: place for place, one in enumerate(sides.diff.levels)}

    def key(change: Change) -> tuple[bool, int, int, tuple[str, ...]]:
        levels = change.levels
        return not levels, len(levels), min((order.get(level, 0) for level in levels), default=0), levels

    return key


def in_sections(sides: Sides, changes: Iterable[Change]) -> list[Change]:
    """Return changes in the order of the sections: single levels first, then several, then none."""
    return sorted(changes, key=_section_order(sides))


def change_sections(sides: Sides, changes: Sequence[Change]) -> Iterator[Section]:
    """Group changes by the levels that they concern, in the order of `in_sections`."""
    groups: dict[tuple[str, ...], list[Change]] = {}
    for change in in_sections(sides, changes):
        groups.setdefault(change.levels, []).append(change)
    everyone = frozenset(sides.after.index.levels)
    weights = {impact: place for place, impact in enumerate(IMPACT_WORDS)}
    for levels, members in groups.items():
        views = [_view(sides, change) for change in members]
        views.sort(key=lambda view: (view.place, weights[view.change.impact]))
        names = level_links(sides, levels if len(levels) <= _MOST_NAMED else (levels[0], levels[-1]))
        if len(levels) == 1:
            level = sides.after.index.levels.get(levels[0]) or sides.before.index.levels[levels[0]]
            heading = level_name(level)
        elif not levels:
            heading = N_("Everything else")
        elif everyone <= frozenset(levels):
            heading = N_("All levels")
        elif len(levels) > _MOST_NAMED:
            heading = NN_(
                "%(num)s level, from %(first)s to %(last)s",
                "%(num)s levels, from %(first)s to %(last)s",
                len(levels),
                first=names[0][0],
                last=names[-1][0],
            )
        else:
            heading = listed(name for name, _ in names)
        yield Section(heading, names, tuple(views))


def _view(sides: Sides, change: Change) -> ChangeView:
    removed = "removed" in change.actions
    loaded = sides.before if removed else sides.after
    index = loaded.index
    node = index.find_target(change.target)
    urls = PageUrls(sides.root, f"{loaded.slug}@{loaded.label}", comes_in_parts(loaded.ladder))
    actions = tuple(
        _ACTIONS[name] if not place else _FURTHER[name] for place, name in enumerate(change.actions)
    )
    on = None if node is None else relation(node)
    competency = index.competencies.get(on.competency or "") if on else None
    facet = index.facets.get(on.facet or "") if on else None
    place = tuple(one.title for one in (competency, facet) if one is not None)
    name = "" if change.kind == "expectation" and place else change.title or change.target.partition(":")[2]
    before = sides.before.index.find_target(change.was or "")
    was = None if before is None or "renamed" not in change.actions else display_name(before)
    if was == name and change.was is not None:
        was = change.was.partition(":")[2]
    return ChangeView(
        change,
        N_("%(actions)s: %(kind)s", actions=actions, kind=kind_word(change.kind)),
        IMPACT_WORDS[change.impact][0],
        place[:-1] if place and place[-1] == name else place,
        name,
        was,
        None if node is None else urls.of(node),
        tuple(field_views(change, sides.before.index, sides.after.index)),
    )
