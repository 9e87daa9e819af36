"""The effects of publishing, in words, for the page to confirm it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from app.api.views.diff_sides import Sides
from app.rubric.releases import Version
from app.store.publishing import Plan
from app.web.layout.authoring.ladder_pages import LadderPage
from app.web.layout.change_sections import level_links
from app.web.layout.impacts import IMPACT_WORDS
from app.web.layout.moments import in_zones
from app.web.layout.rendering import display_name
from app.web.translation.messages import N_, NN_

_MOST_LEVELS = 12
_MOST_MISSING = 20


@dataclass(frozen=True, slots=True)
class WhatHappens:
    """The values of the page."""

    version: Version
    sentences: tuple[str, ...]
    changes: tuple[tuple[str, str], ...]
    """How many changes there are of each class: its name, and the number in words."""
    levels: tuple[str, ...]
    """The names of the affected levels."""
    more_levels: int
    because: str | None
    notes: str | None
    missing: tuple[tuple[str, tuple[str, ...]], ...]
    """The scheduled releases that lack something of a correction: their numbers, and what they lack."""
    button: str


def what_happens(page: LadderPage, plan: Plan, sides: Sides) -> WhatHappens:
    """Return what a plan does."""
    new = plan.new
    is_now = new.effective_from <= new.published_at
    counts = Counter(change.impact for change in sides.diff.changes)
    slugs = [one.level for one in sides.diff.levels]
    number = str(new.version)
    button = N_("Publish %(number)s", number=number) if is_now else N_("Schedule %(number)s", number=number)
    return WhatHappens(
        new.version,
        tuple(_sentences(page, plan, is_now=is_now)),
        tuple(
            (words, NN_("%(num)s change", "%(num)s changes", counts[impact]))
            for impact, (words, _) in IMPACT_WORDS.items()
            if counts[impact]
        ),
        tuple(name for name, _ in level_links(sides, slugs[:_MOST_LEVELS])),
        max(0, len(slugs) - _MOST_LEVELS),
        new.because,
        new.notes,
        tuple((str(one.release), _names(sides, one.changes)) for one in plan.missing_in),
        button,
    )


def _sentences(page: LadderPage, plan: Plan, *, is_now: bool) -> Iterator[str]:
    new, current = plan.new, page.answer.catalog.in_force.get(page.slug)
    number = str(new.version)
    if is_now:
        yield N_("%(number)s comes into force at once.", number=number)
        if current is not None:
            yield N_("It replaces %(current)s, which stays readable.", current=str(current.version))
    else:
        date = in_zones(new.effective_from, page.serving.settings.zone)
        yield N_("%(number)s comes into force on %(date)s.", number=number, date=date)
        if current is not None:
            yield N_("Until then, %(current)s stays in force.", current=str(current.version))
        yield N_("Readers can already see %(number)s before that date.", number=number)
    if new.minimum is not None:
        yield N_(
            "The number is lower than the changes need (%(minimum)s). Readers see your reason.",
            minimum=str(new.minimum),
        )
    if new.corrects is not None:
        yield N_("It corrects %(corrects)s. The draft stays as it is.", corrects=str(new.corrects))
    else:
        yield N_("The draft and its review end. The next edit begins a new draft.")
    yield N_("A published release never changes. You can withdraw it, but it stays readable.")


def _names(sides: Sides, targets: tuple[str, ...]) -> tuple[str, ...]:
    nodes = (sides.after.index.find_target(target) for target in targets[:_MOST_MISSING])
    return tuple(display_name(node) for node in nodes if node is not None)
