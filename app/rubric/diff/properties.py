"""The impact of a change of one property: the second half of the rules of docs/reference/impact.md."""

from collections.abc import Callable, Mapping
from typing import Final

from app.rubric.diff.asked import Asked, is_core
from app.rubric.diff.changes import FieldChange
from app.rubric.diff.context import Context
from app.rubric.diff.words import same_words, similarity
from app.rubric.entities import Node
from app.rubric.ladder import Expectation, Scale
from app.rubric.parts import Statement

CLEARER: Final = 0.8
"""From which similarity on an asked text says the same more clearly, not something else."""

_METADATA: Final = frozenset(
    {
        "slug",
        "formerly",
        "references",
        "sources",
        "alignments",
        "external_ids",
        "removals",
        "translations",
        "about",
        "language",
        "licence",
        "attribution",
        "organisation",
    }
)
"""Properties that say nothing of what people do."""
_ASKED_TEXTS: Final = frozenset(
    {("expectation", "summary"), ("statement", "text"), ("proficiency", "summary"), ("step", "summary")}
)
"""The texts that say what is asked, where the entity is asked."""

_Rule = Callable[[Context, Node, Node, FieldChange], str]


def of_field(context: Context, one: Node, other: Node, field: FieldChange) -> str:
    """Return the rule for a property that is not as it was."""
    name = field.pointer.split("/")[1]
    if name in {"slug", "formerly"} and _renamed(one, other):
        return "renamed"
    if name in _METADATA:
        return "metadata"
    rule = _RULES.get((other.kind, name))
    if rule is not None:
        return rule(context, one, other, field)
    if field.was is not None:
        return "moved"
    return _text(context, other, field)


def applicability(was: str, now: str) -> str | None:
    """Return the rule for a cell that is asked otherwise; None if it is required as before."""
    if "required" not in {was, now}:
        return "still-not-required"
    if was == now:
        return None
    return "became-required" if now == "required" else "no-longer-required"


def _renamed(one: Node, other: Node) -> bool:
    """Return whether an entity that had a slug has another one; who is given a first one is not called otherwise."""
    was, now = getattr(one.entity, "slug", None), getattr(other.entity, "slug", None)
    return None not in {was, now} and was != now


def _text(context: Context, other: Node, field: FieldChange) -> str:
    was, now = field.before, field.after
    asked = (other.kind, field.pointer[1:]) in _ASKED_TEXTS and context.stays_asked(other)
    if not isinstance(was, str) or not isinstance(now, str):
        return "text-changed" if not asked else "asked-text-removed" if now is None else "asked-text-added"
    if same_words(was, now):
        return "asked-text-same-words" if asked else "text-same-words"
    if not asked:
        return "text-changed"
    return "asked-text-clearer" if similarity(was, now) >= CLEARER else "asked-text-other"


def _cell(_context: Context, one: Node, other: Node, _field: FieldChange) -> str:
    rule = applicability(_expectation(one).applicability, _expectation(other).applicability)
    assert rule is not None  # noqa: S101 - asked only where it changed
    return rule


def _step(context: Context, one: Node, other: Node, _field: FieldChange) -> str:
    was, now = _expectation(one), _expectation(other)
    if "required" not in {was.applicability, now.applicability}:
        return "step-unasked"
    if was.step is None or now.step is None:
        return "step-unset" if now.step is None else "step-set"
    earlier = context.before.index.scale_of(was.competency, was.facet)
    scale = context.after.index.scale_of(now.competency, now.facet)
    if earlier is None or scale is None or context.names.slug("scale", earlier.slug) != scale.slug:
        return "step-other"
    return _higher_or_lower(context, (earlier, was.step), (scale, now.step))


def _higher_or_lower(context: Context, before: tuple[Scale, str], after: tuple[Scale, str]) -> str:
    (earlier, was), (scale, now) = before, after
    then = context.names.step(earlier.slug, was)
    order = [step.slug for step in scale.steps]
    if then not in order:  # the step that was asked for is gone: its old scale knows where it stood
        order = [context.names.step(earlier.slug, step.slug) for step in earlier.steps]
    if then not in order or now not in order:
        return "step-other"
    return "step-higher" if order.index(now) > order.index(then) else "step-lower"


def _statement_kind(context: Context, one: Node, other: Node, _field: FieldChange) -> str:
    assert isinstance(one.entity, Statement)  # noqa: S101 - the table asks this of statements only
    assert isinstance(other.entity, Statement)  # noqa: S101 - the same
    asked = other.owner is not None and context.stays_asked(other.owner)
    if not asked or is_core(one.entity) == is_core(other.entity):
        return "statement-kind"
    return "statement-became-core" if is_core(other.entity) else "statement-no-longer-core"


def _rank(context: Context, one: Node, other: Node, _field: FieldChange) -> str:
    return "level-height" if context.height_changed(one, other) else "level-rank-written"


def _scale(context: Context, one: Node, other: Node, _field: FieldChange) -> str:
    asked = _steps_asked(context.before, one) or _steps_asked(context.after, other)
    return "scale-other" if asked else "scale-unasked"


def _steps_asked(asked: Asked, node: Node) -> bool:
    """Return whether any level requires a step in the competency or facet."""
    by_facet = node.kind == "facet"
    cells = asked.index.expectations_of_facet if by_facet else asked.index.expectations_of_competency
    return any(
        one.step is not None and one.applicability == "required" for one in cells.get(node.address, ())
    )


def _points(context: Context, _one: Node, _other: Node, field: FieldChange) -> str:
    ladders = (context.before.index.ladder, context.after.index.ladder)
    if not any(track.thresholds for ladder in ladders for track in ladder.tracks):
        return "points-unused"
    return _compared(field, "points-more", "points-fewer") or "points-other"


def _proficiency_step(context: Context, one: Node, other: Node, _field: FieldChange) -> str:
    asked = context.before.is_asked(one) or context.after.is_asked(other)
    return "proficiency-step" if asked else "text-changed"


def _cumulative(_context: Context, _one: Node, _other: Node, field: FieldChange) -> str:
    if field.after == "yes":
        return "cumulative-set"
    return "cumulative-unset" if field.before == "yes" else "cumulative-said"


def _extends(_context: Context, _one: Node, _other: Node, field: FieldChange) -> str:
    if field.before is None:
        return "extends-set"
    return "extends-unset" if field.after is None else "extends-other"


def _years(_context: Context, _one: Node, _other: Node, field: FieldChange) -> str:
    fewer = "years-fewer" if field.after is None else "years-more"
    return _compared(field, "years-more", "years-fewer") or fewer


def _threshold(_context: Context, _one: Node, _other: Node, field: FieldChange) -> str:
    if field.was is not None:
        return "moved"
    if field.pointer.endswith("/points_from"):
        return _compared(field, "threshold-higher", "threshold-lower") or "threshold-other"
    return "threshold-other"


def _compared(field: FieldChange, higher: str, lower: str) -> str | None:
    """Return one rule for a greater number, another for a smaller; None if one of the two is no number."""
    was, now = field.before, field.after
    if not isinstance(was, int | float) or not isinstance(now, int | float):
        return None
    return higher if now > was else lower


def _always(code: str) -> _Rule:
    return lambda *_: code


def _expectation(node: Node) -> Expectation:
    assert isinstance(node.entity, Expectation)  # noqa: S101 - the table asks this of expectations only
    return node.entity


_RULES: Final[Mapping[tuple[str, str], _Rule]] = {
    ("expectation", "applicability"): _cell,
    ("expectation", "step"): _step,
    ("statement", "kind"): _statement_kind,
    ("level", "rank"): _rank,
    ("level", "track"): _always("level-elsewhere"),
    ("level", "years_from"): _years,
    ("level", "years_to"): _always("years-to"),
    ("competency", "scale"): _scale,
    ("facet", "scale"): _scale,
    ("facet", "competency"): _always("facet-elsewhere"),
    ("proficiency", "step"): _proficiency_step,
    ("step", "points"): _points,
    ("track", "extends"): _extends,
    ("track", "extending"): _always("extends-other"),
    ("track", "ordered"): _always("extends-other"),
    ("expectation", "extending"): _always("extends-other"),
    ("scale", "cumulative"): _cumulative,
    ("ladder", "statement_kinds"): _always("statement-kind"),
    ("track", "thresholds"): _threshold,
    ("ladder", "cumulative"): _cumulative,
}
"""The rules of single properties, by kind of entity and name; the rest is metadata or text."""
