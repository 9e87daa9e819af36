"""The rules of a ladder, and `check`, which returns all findings at once.

The classes of `ladder.py` define each part; the rules define how the parts fit together: references that resolve,
unique slugs, one expectation for each cell. An error must be fixed before publishing; a warning may be intended.
`docs/reference/rules.md` lists every code and its fix.
"""

from app.rubric.index import Index
from app.rubric.ladder import Ladder
from app.rubric.rules import (
    cells,
    content,
    former_slugs,
    identity,
    mentions,
    order,
    references,
    size,
    text_links,
    translations,
    urls_and_codes,
    vocabulary,
)
from app.rubric.rules.findings import SEVERITIES, Finding, Rule, RuleContext, Severity
from app.rubric.shape import document_order

__all__ = ["SEVERITIES", "Finding", "Severity", "check"]

_RULES: tuple[Rule, ...] = (
    *identity.RULES,
    *vocabulary.RULES,
    *former_slugs.RULES,
    *references.RULES,
    *mentions.RULES,
    *cells.RULES,
    *order.RULES,
    *content.RULES,
    *size.RULES,
    *translations.RULES,
    *urls_and_codes.RULES,
    *text_links.RULES,
)


def check(ladder: Ladder) -> tuple[Finding, ...]:
    """Return all findings of a ladder in document order; empty if there are none.

    The time is proportional to the size of the ladder, because only the first findings suggest similar names.
    """
    return check_indexed(Index.of(ladder))


def check_indexed(index: Index) -> tuple[Finding, ...]:
    """Return all findings of a ladder by its index."""
    context = RuleContext(index.ladder, index)
    found = (finding for rule in _RULES for finding in rule(context))
    return tuple(sorted(found, key=lambda finding: document_order(finding.path, Ladder)))
