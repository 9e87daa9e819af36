"""Rules of references: every slug that refers to another part of the ladder resolves."""

from collections.abc import Iterator, Sequence
from typing import Final

from app.rubric.entities import expectation_slug
from app.rubric.ladder import Competency, Expectation, Facet, Track
from app.rubric.parts import Proficiency
from app.rubric.rules.findings import Finding, Rule, RuleContext


def tracks_and_scales(context: RuleContext) -> Iterator[Finding]:
    """Find unknown tracks of levels and of `extends`, and unknown scales of competencies and facets."""
    ladder, index = context.ladder, context.index
    for position, level in enumerate(ladder.levels):
        if level.track not in index.tracks:
            yield _unknown(
                context, f"/levels/{position}/track", f"level {level.slug!r}", "track", level.track
            )
    for position, track in enumerate(ladder.tracks):
        if track.extends is not None and track.extends not in index.tracks:
            path = f"/tracks/{position}/extends"
            yield _unknown(context, path, f"track {track.slug!r}", "track", track.extends)
    for node in (*index.of_kind("competency"), *index.of_kind("facet")):
        scale = node.entity.scale if isinstance(node.entity, Competency | Facet) else None
        if scale is not None and scale not in index.scales:
            who = f"{node.kind} {node.address!r}"
            yield _unknown(context, f"{node.pointer}/scale", who, "scale", scale)


def competencies_of_facets(context: RuleContext) -> Iterator[Finding]:
    """Find facets of unknown competencies."""
    for position, facet in enumerate(context.ladder.facets):
        if facet.competency not in context.index.competencies:
            path = f"/facets/{position}/competency"
            yield _unknown(context, path, f"facet {facet.slug!r}", "competency", facet.competency)


def threshold_levels(context: RuleContext) -> Iterator[Finding]:
    """Find thresholds whose level is unknown or on another track."""
    for position, track in enumerate(context.ladder.tracks):
        for place, threshold in enumerate(track.thresholds):
            if threshold.level is not None:
                path = f"/tracks/{position}/thresholds/{place}/level"
                yield from _threshold_level(context, path, track, threshold.level)


def expectation_parts(context: RuleContext) -> Iterator[Finding]:
    """Find expectations with an unknown level, competency, facet or step."""
    index = context.index
    for position, asked in enumerate(context.ladder.expectations):
        path, who = f"/expectations/{position}", f"expectation {expectation_slug(asked)!r}"
        if asked.level not in index.levels:
            yield _unknown(context, f"{path}/level", who, "level", asked.level)
        if asked.competency not in index.competencies:
            yield _unknown(context, f"{path}/competency", who, "competency", asked.competency)
        if asked.facet is not None:
            yield from _facet(context, path, who, asked)
        if asked.step is not None:
            yield from _step(context, f"{path}/step", who, asked.step, (asked.competency, asked.facet))


def proficiency_steps(context: RuleContext) -> Iterator[Finding]:
    """Find proficiencies with an unknown step, or with the step of another one."""
    for position, competency in enumerate(context.ladder.competencies):
        who = f"competency {competency.slug!r}"
        path = f"/competencies/{position}/proficiencies"
        yield from _proficiencies(context, path, who, competency.proficiencies, (competency.slug, None))
    for position, facet in enumerate(context.ladder.facets):
        who = f"facet {facet.slug!r}"
        path = f"/facets/{position}/proficiencies"
        yield from _proficiencies(context, path, who, facet.proficiencies, (facet.competency, facet.slug))


def _proficiencies(
    context: RuleContext,
    path: str,
    who: str,
    proficiencies: Sequence[Proficiency],
    cell: tuple[str, str | None],
) -> Iterator[Finding]:
    seen: set[str] = set()
    for place, proficiency in enumerate(proficiencies):
        where = f"{path}/{place}/step"
        yield from _step(context, where, who, proficiency.step, cell)
        if proficiency.step in seen:
            message = f"{who} describes step {proficiency.step!r} twice; merge the two"
            yield Finding(where, "duplicate-proficiency", message)
        seen.add(proficiency.step)


def _threshold_level(context: RuleContext, path: str, track: Track, level: str) -> Iterator[Finding]:
    found = context.index.levels.get(level)
    if found is None:
        yield _unknown(context, path, f"a threshold of track {track.slug!r}", "level", level)
    elif found.track != track.slug:
        message = (
            f"a threshold of track {track.slug!r} gives level {level!r}, which is on track {found.track!r}; "
            "name a level of the same track, or write only a title"
        )
        yield Finding(path, "threshold-level-elsewhere", message)


def _facet(context: RuleContext, path: str, who: str, asked: Expectation) -> Iterator[Finding]:
    assert asked.facet is not None  # noqa: S101 - asked for by its only caller
    found = context.index.facets.get(asked.facet)
    if found is None:
        yield _unknown(context, f"{path}/facet", who, "facet", asked.facet)
    elif found.competency != asked.competency:
        message = (
            f"{who} names facet {asked.facet!r} under competency {asked.competency!r}, but it is a part of "
            f"{found.competency!r}; write `competency: {found.competency}`, or another facet"
        )
        yield Finding(f"{path}/facet", "facet-of-other-competency", message)


def _step(
    context: RuleContext, path: str, who: str, step: str, cell: tuple[str, str | None]
) -> Iterator[Finding]:
    """Find an unknown step. Unknown competencies and facets are reported elsewhere."""
    competency, facet = cell
    if competency not in context.index.competencies or (
        facet is not None and facet not in context.index.facets
    ):
        return
    if context.index.scale_name(competency, facet) is None:
        message = (
            f"{who} names step {step!r}, but has no scale; "
            f"give competency {competency!r} a `scale`, or delete the step"
        )
        yield Finding(path, "step-without-scale", message)
        return
    scale = context.index.scale_of(competency, facet)
    if scale is None or context.index.find("step", f"{scale.slug}--{step}") is not None:
        return
    now = context.index.find_renamed("step", f"{scale.slug}--{step}")
    if now is not None:
        why = f"which was renamed to {now.address.removeprefix(f'{scale.slug}--')!r}; write the new slug"
    else:
        near = context.near(step, (one.slug for one in scale.steps))
        why = f"which does not exist{near} use one of its steps, or add it"
    yield Finding(path, "unknown-step", f"{who} names step {step!r} of scale {scale.slug!r}, {why}")


def _unknown(context: RuleContext, path: str, who: str, kind: str, slug: str) -> Finding:
    return Finding(path, f"unknown-{kind}", f"{who} names {kind} {slug!r}, {context.unknown(slug, kind)}")


RULES: Final[tuple[Rule, ...]] = (
    tracks_and_scales,
    competencies_of_facets,
    threshold_levels,
    expectation_parts,
    proficiency_steps,
)
