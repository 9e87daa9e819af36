"""Steps as a competency or facet calls them: their titles there, and which of two is the higher."""

from typing import Literal

from app.rubric.entities import first_slug
from app.rubric.index import Index
from app.rubric.ladder import Competency, Facet, Scale
from app.rubric.text import Slug

StepChange = Literal["new", "raised", "same", "lowered", "dropped", "unlike"]
"""From no step to one, to a higher one, the same, a lower one, from one to none; unlike: no scale holds both."""

StepOn = tuple[Scale | None, Slug | None]
"""A step with the scale it is of; None if there is none."""


def step_title(index: Index, competency: Slug, facet: Slug | None, step: Slug) -> str | None:
    """Return what a step is called in a competency or facet; None if the scale does not know it.

    A facet's own word comes first, then, where both are measured on one scale, its competency's, then the scale's.
    """
    titles = index.once(_Titles)
    key = competency, facet, step
    if key not in titles:
        titles[key] = _title(index, competency, facet, step)
    return titles[key]


class _Titles(dict[tuple[Slug, Slug | None, Slug], str | None]):
    """The titles of the steps of one ladder, as far as they were asked for; bounded by the names it has."""

    def __init__(self, _: Index) -> None:
        super().__init__()


def _title(index: Index, competency: Slug, facet: Slug | None, step: Slug) -> str | None:
    scale = index.scale_name(competency, facet)
    holders: list[Facet | Competency | None] = [] if facet is None else [index.facets.get(facet)]
    if facet is None or scale == index.scale_name(competency):
        holders.append(index.competencies.get(competency))
    for holder in holders:
        for proficiency in () if holder is None else holder.proficiencies:
            if proficiency.step == step and proficiency.title is not None:
                return proficiency.title
    steps = () if scale is None or scale not in index.scales else index.scales[scale].steps
    return next((one.title for one in steps if one.slug == step), None)


def step_change(before: StepOn, after: StepOn, *, kin: bool) -> StepChange | None:
    """Return what became of a step, each given with its scale; None if neither side has one.

    Within one ladder (`kin`) a scale may have grown, and its steps may have been renamed, from one release to the
    other. Steps of two scales can be compared where both have the same steps in the same order.
    """
    (one, was), (other, now) = before, after
    if was is None or now is None:
        return None if was is now else "new" if was is None else "dropped"
    there, here = _births(one), _births(other)
    was, now = there.get(was, was), here.get(now, now)
    same_scale = kin and _birth(one) == _birth(other)
    if not same_scale and (not there or list(there.values()) != list(here.values())):
        return "unlike"
    if was == now:
        return "same"
    higher = {
        order.index(was) < order.index(now)
        for order in (list(there.values()), list(here.values()))
        if was in order and now in order
    }
    return "unlike" if len(higher) != 1 else "raised" if higher.pop() else "lowered"


def _birth(scale: Scale | None) -> Slug | None:
    """Return the slug that a scale was born with."""
    return None if scale is None else first_slug(scale.slug, scale.formerly)


def _births(scale: Scale | None) -> dict[Slug, Slug]:
    """Return the slugs that the steps of a scale were born with, by those they have, the lowest first."""
    return {} if scale is None else {step.slug: first_slug(step.slug, step.formerly) for step in scale.steps}
