"""Rules of order: ranks, ranges, and tracks that extend each other without a cycle."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from app.rubric.entities import expectation_slug
from app.rubric.index import effective_ranks
from app.rubric.ladder import Threshold
from app.rubric.rules.findings import Finding, Rule, RuleContext


def ranks(context: RuleContext) -> Iterator[Finding]:
    """Find levels of one track that share a rank, or that are not listed from the lowest up."""
    taken: dict[str, dict[float, str]] = defaultdict(dict)
    highest: dict[str, float] = {}
    for position, (level, rank) in enumerate(effective_ranks(context.ladder.levels)):
        path = f"/levels/{position}" if level.rank is None else f"/levels/{position}/rank"
        others = taken[level.track]
        if rank in others:
            how = "by its position on the track" if level.rank is None else "as written"
            message = (
                f"levels {others[rank]!r} and {level.slug!r} of track {level.track!r} have the same rank "
                f"{rank} ({how}); "
                "write another `rank` on one of them"
            )
            yield Finding(path, "duplicate-rank", message)
        elif rank < highest.get(level.track, rank) and context.index.is_ordered(level.track):
            message = (
                f"level {level.slug!r} has rank {rank} but is listed after a higher level of track "
                f"{level.track!r}; list levels from the lowest up, or correct the rank"
            )
            yield Finding(path, "rank-order", message)
        others.setdefault(rank, level.slug)
        highest[level.track] = max(rank, highest.get(level.track, rank))


def written_ranks(context: RuleContext) -> Iterator[Finding]:
    """Find tracks with a rank on some levels only, and tracks that inherit nothing because ranks are missing."""
    missing: dict[str, tuple[int, str]] = {}
    for position, level in enumerate(context.ladder.levels):
        if level.rank is None:
            missing.setdefault(level.track, (position, level.slug))
    for track, (position, slug) in missing.items():
        if any(level.rank is not None for level in context.index.levels_of[track]):
            message = (
                f"level {slug!r} has no `rank`, while others of track {track!r} have one; "
                "write a rank on every level of the track, or on none"
            )
            yield Finding(f"/levels/{position}", "mixed-ranks", message)
    for position, one in enumerate(context.ladder.tracks):
        without = [track for track in (one.slug, one.extends) if track in missing]
        if one.extends not in context.index.tracks or one.extends == one.slug or not without:
            continue
        message = (
            f"track {one.slug!r} extends {one.extends!r}, but levels of {' and '.join(map(repr, without))} have no "
            "written rank and inherit nothing; write a `rank` on every level of both tracks"
        )
        yield Finding(f"/tracks/{position}/extends", "extends-without-ranks", message)


def extending_something(context: RuleContext) -> Iterator[Finding]:
    """Find `extending` where nothing is extended."""
    for position, track in enumerate(context.ladder.tracks):
        if track.extending is not None and track.extends is None:
            message = (
                f"track {track.slug!r} has `extending` and extends no track; "
                "write the track that it `extends`, or delete `extending`"
            )
            yield Finding(f"/tracks/{position}/extending", "extending-without-extends", message)
    for position, asked in enumerate(context.ladder.expectations):
        level = context.index.levels.get(asked.level)
        here = None if level is None else context.index.tracks.get(level.track)
        if asked.extending is not None and here is not None and here.extends is None:
            message = (
                f"expectation {expectation_slug(asked)!r} has `extending`, but its track {here.slug!r} extends no "
                "track; delete `extending`"
            )
            yield Finding(f"/expectations/{position}/extending", "extending-without-extends", message)


def extends_without_cycle(context: RuleContext) -> Iterator[Finding]:
    """Find tracks that extend themselves, also through others. Each cycle is reported once, at its first track."""
    places = {track.slug: position for position, track in reversed(list(enumerate(context.ladder.tracks)))}
    done: set[str] = set()
    for start in places:
        way: dict[str, None] = {}
        here: str | None = start
        while here is not None and here not in way and here not in done:
            way[here] = None
            track = context.index.tracks.get(here)
            here = None if track is None else track.extends
        if here is not None and here in way:
            circle = list(way)[list(way).index(here) :]
            first = min(circle, key=lambda slug: places.get(slug, 0))
            turned = [*circle[circle.index(first) :], *circle[: circle.index(first)], first]
            message = f"tracks extend each other in a cycle: {' -> '.join(turned)}; delete one `extends`"
            yield Finding(f"/tracks/{places[first]}/extends", "extends-cycle", message)
        done.update(way)


def thresholds(context: RuleContext) -> Iterator[Finding]:
    """Find thresholds with a reversed range, or without a level and title."""
    for position, track in enumerate(context.ladder.tracks):
        for place, threshold in enumerate(track.thresholds):
            path = f"/tracks/{position}/thresholds/{place}"
            yield from _threshold(path, track.slug, threshold)


def years_of_experience(context: RuleContext) -> Iterator[Finding]:
    """Find years of experience that are negative or reversed."""
    for position, level in enumerate(context.ladder.levels):
        least = max(level.years_from or 0, 0)
        for field, years, limit in (("years_from", level.years_from, 0), ("years_to", level.years_to, least)):
            if years is not None and years < limit:
                message = f"level {level.slug!r} has `{field}` {years}; write at least {limit}, or delete it"
                yield Finding(f"/levels/{position}/{field}", "years-range", message)


def _threshold(path: str, track: str, threshold: Threshold) -> Iterator[Finding]:
    low, high = threshold.points_from, threshold.points_to
    if high is not None and high < low:
        message = (
            f"a threshold of track {track!r} goes from {low} to {high} points; "
            "swap the two, or delete `points_to` for no upper limit"
        )
        yield Finding(f"{path}/points_to", "threshold-range", message)
    if threshold.level is None and threshold.title is None:
        message = (
            f"a threshold of track {track!r} has no level and no title; write one, or delete the threshold"
        )
        yield Finding(path, "threshold-gives-nothing", message)


RULES: Final[tuple[Rule, ...]] = (
    ranks,
    written_ranks,
    extending_something,
    extends_without_cycle,
    thresholds,
    years_of_experience,
)
