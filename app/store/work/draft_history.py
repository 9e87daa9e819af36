"""The changes of a draft since a content that somebody has read, from the audit log."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from app.store.audit import AuditFilter, find_entries

_MOST: Final = 500
"""The most writes that are looked at."""


@dataclass(frozen=True, slots=True)
class DraftChanges:
    """The writes of a draft since a certain content."""

    targets: frozenset[str]
    """The entities that were written, as `kind:slug`."""
    people: tuple[str, ...]
    """Their authors, in order of name."""
    last: datetime | None
    """The time of the last write; None if there was none."""
    is_whole: bool
    """True if the whole draft was written at once, or if it is not known what was written."""


def find_draft_changes(
    connection: Connection, ladder: str, content_sha256: str, present_sha256: str
) -> DraftChanges:
    """Return what was written to a draft after it had a certain content, by the hashes of that and the present one.

    If that is further back than the log is searched, everything counts as changed.
    """
    if content_sha256 == present_sha256:
        return DraftChanges(frozenset(), (), None, is_whole=False)
    wanted = AuditFilter(ladder=ladder, action="draft.write")
    found = []
    is_known = False
    for entry in find_entries(connection, wanted, _MOST):
        is_known = entry.action.after == content_sha256
        if is_known:
            break
        found.append(entry)
        is_known = entry.action.before == content_sha256
        if is_known:
            break
    targets = [entry.action.target for entry in found]
    return DraftChanges(
        frozenset(target for target in targets if target is not None),
        tuple(sorted({entry.actor.who for entry in found})),
        found[0].at if found else None,
        None in targets or not is_known,
    )
