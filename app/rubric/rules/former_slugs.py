"""Rules of former slugs (`formerly`) and removals.

A slug keeps its meaning forever; otherwise an old URL would lead to another entity.
"""

import re
from collections.abc import Iterator
from typing import Final, get_args

from app.rubric.entities import Kind, Node
from app.rubric.ladder import Removal
from app.rubric.rules.findings import Finding, Rule, RuleContext
from app.rubric.text import SLUG_PATTERN

_SLUG: Final = re.compile(SLUG_PATTERN, re.ASCII)
_PARTS: Final[dict[str, tuple[int, ...]]] = {"step": (2,), "expectation": (2, 3)}
"""Number of slugs in an address, for kinds where it is not one."""
_HOW: Final = {
    "step": "`scale--step`",
    "expectation": "`level--competency` or `level--competency--facet`",
}
REMOVABLE: Final[tuple[Kind, ...]] = tuple(kind for kind in get_args(Kind) if kind != "ladder")
"""The kinds that a removal may name."""


def former_slugs(context: RuleContext) -> Iterator[Finding]:
    """Find former slugs that another entity has now or had before."""
    seen: dict[tuple[str, str], Node] = {}
    for node in context.index.nodes:
        formerly: tuple[str, ...] = getattr(node.entity, "formerly", ())
        if formerly and node.uuid is None:
            message = f"{node.target} lists former slugs but has no slug; give it a slug, or delete them"
            yield Finding(f"{node.pointer}/formerly", "former-slug-without-slug", message)
        for position, slug in enumerate(formerly):
            path = f"{node.pointer}/formerly/{position}"
            address = f"{node.owner.address}--{slug}" if node.kind == "step" and node.owner else slug
            key = (node.kind, address)
            live = context.index.find(*key)
            if live is node and position == len(formerly) - 1:
                message = f"{slug!r} is the slug of {node.target} today; take it out of `formerly`"
                yield Finding(path, "former-slug-in-use", message)
            elif live is not None and live is not node:
                message = (
                    f"{node.target} cannot have been {slug!r}, which is the slug of {live.target} today; give "
                    f"{live.target} another slug, or, if {node.target} was never published as {slug!r}, take it "
                    "out of `formerly`"
                )
                yield Finding(path, "former-slug-in-use", message)
            elif key in seen:
                message = f"{slug!r} is already a former slug of {seen[key].target}; keep it in one place"
                yield Finding(path, "duplicate-former-slug", message)
            seen.setdefault(key, node)


def removals(context: RuleContext) -> Iterator[Finding]:
    """Find removals that are repeated, or whose entity still exists or was renamed."""
    seen: set[tuple[str, str]] = set()
    for position, removal in enumerate(context.ladder.removals):
        path = f"/removals/{position}"
        yield from _removal(context, removal, path)
        if (removal.kind, removal.slug) in seen:
            message = f"{removal.kind} {removal.slug!r} is removed twice; keep one of the two"
            yield Finding(path, "duplicate-removal", message)
        seen.add((removal.kind, removal.slug))


def _removal(context: RuleContext, removal: Removal, path: str) -> Iterator[Finding]:
    named = f"{removal.kind} {removal.slug!r}"
    if removal.kind not in REMOVABLE:
        near = context.near(removal.kind, REMOVABLE)
        message = (
            f"{removal.kind!r} is not a kind that can be removed{near} use one of {', '.join(REMOVABLE)}"
        )
        yield Finding(f"{path}/kind", "unknown-kind", message)
    elif not _is_address(removal.kind, removal.slug):
        how = _HOW.get(removal.kind, "lower-case letters and digits, joined by single hyphens")
        message = f"{removal.slug!r} cannot be the slug of a {removal.kind}; write {how}"
        yield Finding(f"{path}/slug", "removal-address", message)
    elif context.index.find(removal.kind, removal.slug) is not None:
        message = f"{named} has a removal but still exists; delete the removal, or the {removal.kind}"
        yield Finding(f"{path}/slug", "removal-of-live", message)
    else:
        now = context.index.find_renamed(removal.kind, removal.slug)
        if now is not None:
            message = (
                f"{named} has a removal, but {now.target} lists it as a former slug; "
                "keep the removal or the former slug, not both"
            )
            yield Finding(f"{path}/slug", "removal-of-renamed", message)


def _is_address(kind: str, address: str) -> bool:
    parts = address.split("--")
    return len(parts) in _PARTS.get(kind, (1,)) and all(_SLUG.fullmatch(part) for part in parts)


RULES: Final[tuple[Rule, ...]] = (former_slugs, removals)
