"""Rules of references: every slug that refers to another part of the ladder resolves."""

from collections.abc import Iterator, Sequence
from typing import Final

from app.rubric.entities import expectation_slug
from app.rubric.ladder import Competency, Expectation, Facet, Track
from app.rubric.parts import Proficiency
from app.rubric.rules.findings import Desk, Finding, Rule


def tracks_and_scales(desk: Desk) -> Iterator[Finding]:
    """Find unknown tracks of levels and of `extends`, and unknown scales of competencies and facets."""
    ladder, index = desk.ladder, desk.index
    for position, level in enumerate(ladder.levels):
        if level.track not in index.tracks:
            yield _unknown(desk, f"/levels/{position}/track", f"level {level.slug!r}", "track", level.track)
    for position, track in enumerate(ladder.tracks):
        if track.extends is not None and track.extends not in index.tracks:
            path = f"/tracks/{position}/extends"
            yield _unknown(desk, path, f"track {track.slug!r}", "track", track.extends)
    for node in (*index.of_kind("competency"), *index.of_kind("facet")):
        scale = node.entity.scale if isinstance(node.entity, Competency | Facet) else None
        if scale is not None and scale not in index.scales:
            who = f"{node.kind} {node.address!r}"
            yield _unknown(desk, f"{node.pointer}/scale", who, "scale", scale)


def competencies_of_facets(desk: Desk) -> Iterator[Finding]:
    """Find facets of unknown competencies."""
    for position, facet in enumerate(desk.ladder.facets):
        if facet.competency not in desk.index.competencies:
            path = f"/facets/{position}/competency"
            yield _unknown(desk, path, f"facet {facet.slug!r}", "competency", facet.competency)


def threshold_levels(desk: Desk) -> Iterator[Finding]:
    """Find thresholds whose level is unknown or on another track."""
    for position, track in enumerate(desk.ladder.tracks):
        for place, threshold in enumerate(track.thresholds):
            if threshold.level is not None:
                path = f"/tracks/{position}/thresholds/{place}/level"
                yield from _threshold_level(desk, path, track, threshold.level)


def expectation_parts(desk: Desk) -> Iterator[Finding]:
    """Find expectations with an unknown level, competency, facet or step."""
    index = desk.index
    for position, asked in enumerate(desk.ladder.expectations):
        path, who = f"/expectations/{position}", f"expectation {expectation_slug(asked)!r}"
        if asked.level not in index.levels:
            yield _unknown(desk, f"{path}/level", who, "level", asked.level)
        if asked.competency not in index.competencies:
            yield _unknown(desk, f"{path}/competency", who, "competency", asked.competency)
        if asked.facet is not None:
            yield from _facet(desk, path, who, asked)
        if asked.step is not None:
            yield from _step(desk, f"{path}/step", who, asked.step, (asked.competency, asked.facet))


def proficiency_steps(desk: Desk) -> Iterator[Finding]:
    """Find proficiencies with an unknown step, or with the step of another one."""
    for position, competency in enumerate(desk.ladder.competencies):
        who = f"competency {competency.slug!r}"
        path = f"/competencies/{position}/proficiencies"
        yield from _proficiencies(desk, path, who, competency.proficiencies, (competency.slug, None))
    for position, facet in enumerate(desk.ladder.facets):
        who = f"facet {facet.slug!r}"
        path = f"/facets/{position}/proficiencies"
        yield from _proficiencies(desk, path, who, facet.proficiencies, (facet.competency, facet.slug))


def _proficiencies(
    desk: Desk, path: str, who: str, proficiencies: Sequence[Proficiency], cell: tuple[str, str | None]
) -> Iterator[Finding]:
    seen: set[str] = set()
    for place, proficiency in enumerate(proficiencies):
        where = f"{path}/{place}/step"
        yield from _step(desk, where, who, proficiency.step, cell)
        if proficiency.step in seen:
            message = f"{who} describes step {proficiency.step!r} twice; merge the two"
            yield Finding(where, "duplicate-proficiency", message)
        seen.add(proficiency.step)


def _threshold_level(desk: Desk, path: str, track: Track, level: str) -> Iterator[Finding]:
    found = desk.index.levels.get(level)
    if found is None:
        yield _unknown(desk, path, f"a threshold of track {track.slug!r}", "level", level)
    elif found.track != track.slug:
        message = (
            f"a threshold of track {track.slug!r} gives level {level!r}, which is on track {found.track!r}; "
            "name a level of the same track, or write only a title"
        )
        yield Finding(path, "threshold-level-elsewhere", message)


def _facet(desk: Desk, path: str, who: str, asked: Expectation) -> Iterator[Finding]:
    assert asked.facet is not None  # noqa: S101 - asked for by its only caller
    found = desk.index.facets.get(asked.facet)
    if found is None:
        yield _unknown(desk, f"{path}/facet", who, "facet", asked.facet)
    elif found.competency != asked.competency:
        message = (
            f"{who} names facet {asked.facet!r} under competency {asked.competency!r}, but it is a part of "
            f"{found.competency!r}; write `competency: {found.competency}`, or another facet"
        )
        yield Finding(f"{path}/facet", "facet-of-other-competency", message)


def _step(desk: Desk, path: str, who: str, step: str, cell: tuple[str, str | None]) -> Iterator[Finding]:
    """Find an unknown step. Unknown competencies and facets are reported elsewhere."""
    competency, facet = cell
    if competency not in desk.index.competencies or (facet is not None and facet not in desk.index.facets):
        return
    if desk.index.scale_name(competency, facet) is None:
        message = (
            f"{who} names step {step!r}, but has no scale; "
            f"give competency {competency!r} a `scale`, or delete the step"
        )
        yield Finding(path, "step-without-scale", message)
        return
    scale = desk.index.scale_of(competency, facet)
    if scale is None or desk.index.find("step", f"{scale.slug}--{step}") is not None:
        return
    now = desk.index.find_renamed("step", f"{scale.slug}--{step}")
    if now is not None:
        why = f"which was renamed to {now.address.removeprefix(f'{scale.slug}--')!r}; write the new slug"
    else:
        near = desk.near(step, (one.slug for one in scale.steps))
        why = f"which does not exist{near} use one of its steps, or add it"
    yield Finding(path, "unknown-step", f"{who} names step {step!r} of scale {scale.slug!r}, {why}")


def _unknown(desk: Desk, path: str, who: str, kind: str, slug: str) -> Finding:
    return Finding(path, f"unknown-{kind}", f"{who} names {kind} {slug!r}, {desk.unknown(slug, kind)}")


RULES: Final[tuple[Rule, ...]] = (
    tracks_and_scales,
    competencies_of_facets,
    threshold_levels,
    expectation_parts,
    proficiency_steps,
)
