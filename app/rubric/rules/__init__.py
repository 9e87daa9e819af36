"""What makes a well-shaped ladder a right one: every rule, and `check`, which gives all findings at once.

The classes of `ladder.py` say what each part looks like; the rules say how the parts must fit: names that
lead somewhere, slugs that are unique, one expectation a cell. An error must be mended before publishing; a
warning is something the author may well have meant. `docs/reference/rules.md` lists every code with its cure.
"""

from app.rubric.index import Index
from app.rubric.ladder import Ladder
from app.rubric.rules import (
    cells,
    content,
    former,
    identity,
    mentions,
    names,
    order,
    translations,
    vocabulary,
)
from app.rubric.rules.findings import SEVERITIES, Desk, Finding, Rule, Severity
from app.rubric.shape import document_order

__all__ = ["SEVERITIES", "Finding", "Severity", "check"]

_RULES: tuple[Rule, ...] = (
    *identity.RULES,
    *vocabulary.RULES,
    *former.RULES,
    *names.RULES,
    *mentions.RULES,
    *cells.RULES,
    *order.RULES,
    *content.RULES,
    *translations.RULES,
)


def check(ladder: Ladder) -> tuple[Finding, ...]:
    """Everything that is wrong or doubtful in a ladder, in document order; empty where all is well.

    Takes time in proportion to the size of the ladder: suggestions of near names are given to the first
    findings only.
    """
    return check_indexed(Index.of(ladder))


def check_indexed(index: Index) -> tuple[Finding, ...]:
    """The same for a ladder whose index is at hand."""
    desk = Desk(index.ladder, index)
    found = (finding for rule in _RULES for finding in rule(desk))
    return tuple(sorted(found, key=lambda finding: document_order(finding.path, Ladder)))
