"""Rules of the ladder's own words: kinds of statements, and what describes categories and groups."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from app.rubric.ladder import Category, Group
from app.rubric.parts import Statement
from app.rubric.rules.findings import Finding, Rule, RuleContext
from app.rubric.statement_kinds import DEFAULTS, SUMMARY
from app.rubric.text import folded

_RESERVED: Final = f"`{SUMMARY}` is reserved for summaries; choose another word"


def listed_kinds(context: RuleContext) -> Iterator[Finding]:
    """Find kinds that are listed twice, and a kind with the reserved word."""
    seen: dict[str, int] = {}
    for position, kind in enumerate(context.ladder.statement_kinds):
        path = f"/statement_kinds/{position}/slug"
        if kind.slug == SUMMARY:
            yield Finding(path, "reserved-kind", f"a statement kind is called `{SUMMARY}`; {_RESERVED}")
        first = seen.setdefault(kind.slug, position)
        if first != position:
            message = (
                f"statement kind {kind.slug!r} is listed twice, first at /statement_kinds/{first}; keep one"
            )
            yield Finding(path, "duplicate-slug", message)


def kinds_of_statements(context: RuleContext) -> Iterator[Finding]:
    """Find statements whose kind is reserved, or unknown to a ladder that lists its kinds."""
    listed = {kind.slug for kind in context.ladder.statement_kinds}
    for node in context.index.of_kind("statement"):
        assert isinstance(node.entity, Statement)  # noqa: S101 - of that kind
        kind = node.entity.kind
        if kind == SUMMARY:
            yield Finding(
                f"{node.pointer}/kind", "reserved-kind", f"{node.target} has kind {kind!r}; {_RESERVED}"
            )
        elif listed and kind is not None and kind not in listed and kind not in DEFAULTS:
            near = context.near(kind, listed)
            message = f"{node.target} has kind {kind!r}, which `statement_kinds` does not list{near} list it"
            yield Finding(f"{node.pointer}/kind", "unlisted-kind", message)


def described_words(context: RuleContext) -> Iterator[Finding]:
    """Find descriptions of a category or group that nothing uses, or that is described twice."""
    ladder = context.ladder
    categories = {folded(one.category) for one in ladder.competencies if one.category is not None}
    groups = {folded(one.group) for one in ladder.tracks if one.group is not None}
    yield from _described("category", "competency", ladder.categories, categories)
    yield from _described("group", "track", ladder.groups, groups)


def _described(
    kind: str, user: str, described: Sequence[Category | Group], used: set[str]
) -> Iterator[Finding]:
    seen: dict[str, str] = {}
    for position, one in enumerate(described):
        path = f"/{_LISTS[kind]}/{position}/title"
        if folded(one.title) not in used:
            message = (
                f"no {user} has the {kind} {one.title!r}; write the {kind} as the {user} writes it, "
                "or delete this description"
            )
            yield Finding(path, f"unused-{kind}", message)
        first = seen.setdefault(folded(one.title), one.slug)
        if first != one.slug:
            message = f"{kind} {one.title!r} is already described by {first!r}; keep one of the two"
            yield Finding(path, "duplicate-description", message)


_LISTS: Final[Mapping[str, str]] = {"category": "categories", "group": "groups"}

RULES: Final[tuple[Rule, ...]] = (listed_kinds, kinds_of_statements, described_words)
