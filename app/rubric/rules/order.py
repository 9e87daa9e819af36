"""Rules of order: ranks, ranges, and tracks that extend one another without going round."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from app.rubric.entities import expectation_slug
from app.rubric.index import effective_ranks
from app.rubric.ladder import Threshold
from app.rubric.rules.findings import Desk, Finding, Rule


def ranks(desk: Desk) -> Iterator[Finding]:
    """Levels of one track differ in rank, and stand from the lowest up."""
    taken: dict[str, dict[float, str]] = defaultdict(dict)
    highest: dict[str, float] = {}
    for position, (level, rank) in enumerate(effective_ranks(desk.ladder.levels)):
        path = f"/levels/{position}" if level.rank is None else f"/levels/{position}/rank"
        others = taken[level.track]
        if rank in others:
            how = "by its place on the track" if level.rank is None else "as written"
            message = (
                f"level {level.slug!r} has rank {rank} ({how}), and so has {others[rank]!r} on the same "
                f"track {level.track!r}; write another `rank` on one of them"
            )
            yield Finding(path, "duplicate-rank", message)
        elif rank < highest.get(level.track, rank) and desk.index.is_ordered(level.track):
            message = (
                f"level {level.slug!r} has rank {rank} and stands after a higher one of track "
                f"{level.track!r}; write levels from the lowest up, or mend the rank"
            )
            yield Finding(path, "rank-order", message)
        others.setdefault(rank, level.slug)
        highest[level.track] = max(rank, highest.get(level.track, rank))


def written_ranks(desk: Desk) -> Iterator[Finding]:
    """Find tracks with a rank on some levels only, and tracks that inherit nothing because ranks are missing."""
    missing: dict[str, tuple[int, str]] = {}
    for position, level in enumerate(desk.ladder.levels):
        if level.rank is None:
            missing.setdefault(level.track, (position, level.slug))
    for track, (position, slug) in missing.items():
        if any(level.rank is not None for level in desk.index.levels_of[track]):
            message = (
                f"level {slug!r} has no `rank`, while others of track {track!r} have one; "
                "write a rank on every level of the track, or on none"
            )
            yield Finding(f"/levels/{position}", "mixed-ranks", message)
    for position, one in enumerate(desk.ladder.tracks):
        without = [track for track in (one.slug, one.extends) if track in missing]
        if one.extends not in desk.index.tracks or one.extends == one.slug or not without:
            continue
        message = (
            f"track {one.slug!r} extends {one.extends!r}, but levels of {' and '.join(map(repr, without))} have no "
            "written rank and inherit nothing; write a `rank` on every level of both tracks"
        )
        yield Finding(f"/tracks/{position}/extends", "extends-without-ranks", message)


def extending_something(desk: Desk) -> Iterator[Finding]:
    """Find `extending` where nothing is extended."""
    for position, track in enumerate(desk.ladder.tracks):
        if track.extending is not None and track.extends is None:
            message = (
                f"track {track.slug!r} has `extending` and extends no track; "
                "write the track that it `extends`, or delete `extending`"
            )
            yield Finding(f"/tracks/{position}/extending", "extending-without-extends", message)
    for position, asked in enumerate(desk.ladder.expectations):
        level = desk.index.levels.get(asked.level)
        here = None if level is None else desk.index.tracks.get(level.track)
        if asked.extending is not None and here is not None and here.extends is None:
            message = (
                f"expectation {expectation_slug(asked)!r} has `extending`, but its track {here.slug!r} extends no "
                "track; delete `extending`"
            )
            yield Finding(f"/expectations/{position}/extending", "extending-without-extends", message)


def extends_without_cycle(desk: Desk) -> Iterator[Finding]:
    """No track extends itself, not even through others; each circle is reported once, at its first track."""
    places = {track.slug: position for position, track in reversed(list(enumerate(desk.ladder.tracks)))}
    done: set[str] = set()
    for start in places:
        way: dict[str, None] = {}
        here: str | None = start
        while here is not None and here not in way and here not in done:
            way[here] = None
            track = desk.index.tracks.get(here)
            here = None if track is None else track.extends
        if here is not None and here in way:
            circle = list(way)[list(way).index(here) :]
            first = min(circle, key=lambda slug: places.get(slug, 0))
            turned = [*circle[circle.index(first) :], *circle[: circle.index(first)], first]
            message = f"tracks extend one another in a circle: {' -> '.join(turned)}; take away one `extends`"
            yield Finding(f"/tracks/{places[first]}/extends", "extends-cycle", message)
        done.update(way)


def thresholds(desk: Desk) -> Iterator[Finding]:
    """A threshold runs from fewer to more points and gives something."""
    for position, track in enumerate(desk.ladder.tracks):
        for place, threshold in enumerate(track.thresholds):
            path = f"/tracks/{position}/thresholds/{place}"
            yield from _threshold(path, track.slug, threshold)


def years_of_experience(desk: Desk) -> Iterator[Finding]:
    """Years of experience run from fewer to more, and not below none."""
    for position, level in enumerate(desk.ladder.levels):
        least = max(level.years_from or 0, 0)
        for field, years, limit in (("years_from", level.years_from, 0), ("years_to", level.years_to, least)):
            if years is not None and years < limit:
                message = (
                    f"level {level.slug!r} has `{field}` {years}; write at least {limit}, or leave it out"
                )
                yield Finding(f"/levels/{position}/{field}", "years-range", message)


def _threshold(path: str, track: str, threshold: Threshold) -> Iterator[Finding]:
    low, high = threshold.points_from, threshold.points_to
    if high is not None and high < low:
        message = (
            f"a threshold of track {track!r} runs from {low} to {high} points; "
            "exchange the two, or leave out `points_to` for no upper end"
        )
        yield Finding(f"{path}/points_to", "threshold-range", message)
    if threshold.level is None and threshold.title is None:
        message = f"a threshold of track {track!r} gives neither level nor title; write one, or take it away"
        yield Finding(path, "threshold-gives-nothing", message)


RULES: Final[tuple[Rule, ...]] = (
    ranks,
    written_ranks,
    extending_something,
    extends_without_cycle,
    thresholds,
    years_of_experience,
)
