"""A self-rating as it is sent: which step somebody gives themselves in which competency or facet."""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Annotated, Final

from pydantic import Field

from app.errors import MOST_FAULTS, Fault, Invalid
from app.rubric.index import Index
from app.rubric.ladder import Scale
from app.rubric.text import Line, Value
from app.rubric.views.scoring import Place
from app.serving.releases.catalog import did_you_mean

_LONGEST: Final = 80


class Rating(Value):
    """The step that somebody gives themselves in one competency or facet."""

    competency: Line | None = None
    """Slug of the competency; may be left out beside a facet."""
    facet: Line | None = None
    """Slug of the facet; left out, the competency as a whole is rated."""
    step: Line
    """Slug of the step, of the scale that applies there."""


class SelfRating(Value):
    """What somebody thinks of their own work. Nothing of it is stored or logged."""

    ratings: Annotated[
        tuple[Rating, ...], Field(description="One for each competency or facet that is rated.")
    ]


def steps_of(index: Index, sent: SelfRating) -> dict[Place, str]:
    """The rated steps, by place. Raises Invalid that names every rating that does not fit the ladder."""
    reader = _Reader(index)
    faults = list(islice(reader.read(sent), MOST_FAULTS))
    if faults:
        raise Invalid("The body rates what this release does not have.", faults=faults)
    return reader.steps


class _Reader:
    """Reads ratings one by one, and remembers where each place was rated."""

    def __init__(self, index: Index) -> None:
        self.steps: dict[Place, str] = {}
        self._index = index
        self._rated: dict[Place, int] = {}

    def read(self, sent: SelfRating) -> Iterator[Fault]:
        """Take over what fits, and tell what does not."""
        for position, rating in enumerate(sent.ratings):
            at = f"/ratings/{position}"
            place = self._place(rating, at)
            if isinstance(place, Fault):
                yield place
                continue
            earlier = self._rated.setdefault(place, position)
            if earlier != position:
                yield Fault(f"This is rated already, at /ratings/{earlier}. Keep one of the two.", at)
                continue
            step = self._step(place, rating.step, at)
            if isinstance(step, Fault):
                yield step
            else:
                self.steps[place] = step

    def _place(self, rating: Rating, at: str) -> Place | Fault:
        index = self._index
        if rating.competency is not None and rating.competency not in index.competencies:
            return self._unknown("competency", rating.competency, index.competencies, f"{at}/competency")
        if rating.facet is None:
            if rating.competency is None:
                return Fault("Say what is rated: a competency, a facet, or both.", at)
            return rating.competency, None
        facet = index.facets.get(rating.facet)
        if facet is None:
            return self._unknown("facet", rating.facet, index.facets, f"{at}/facet")
        if rating.competency not in {None, facet.competency}:
            told = f"The facet {facet.slug!r} is a part of {facet.competency!r}. Name that, or no competency."
            return Fault(told, f"{at}/facet")
        return facet.competency, facet.slug

    def _step(self, place: Place, step: str, at: str) -> str | Fault:
        scale = self._index.scale_of(*place)
        if scale is None:
            named = place[1] or place[0]
            return Fault(f"Nothing can be rated in {named!r}: it has no scale. Leave it out.", at)
        if any(one.slug == step for one in scale.steps):
            return step
        return self._unknown_step(scale, step, f"{at}/step")

    def _unknown(self, kind: str, slug: str, known: Mapping[str, object], pointer: str) -> Fault:
        now = self._index.renamed.get((kind, slug))
        meant = did_you_mean(slug, known) if now is None else f" It is called {now.address!r} now."
        return Fault(f"This release has no {kind} {slug[:_LONGEST]!r}.{meant}", pointer)

    def _unknown_step(self, scale: Scale, step: str, pointer: str) -> Fault:
        now = self._index.find_renamed("step", f"{scale.slug}--{step}")
        slugs = [one.slug for one in scale.steps]
        if now is None:
            meant = did_you_mean(step, slugs)
        else:
            meant = f" It is called {now.address.rpartition('--')[2]!r} now."
        listed = ", ".join(slugs[:MOST_FAULTS])
        return Fault(
            f"The scale {scale.slug!r} has no step {step[:_LONGEST]!r}.{meant} Its steps: {listed}.", pointer
        )
