"""Findings of a merge: conflicts, rows that a file lacks, and errors that an import brings in."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from app.formats.importing.findings import ImportFinding
from app.formats.sheets.workbook.layout import BY_FIELD, header
from app.formats.sheets.workbook.reader import Entry
from app.rubric.index import Index
from app.rubric.merging import Conflict, Missing
from app.rubric.rules import check_indexed

_LISTED: Final = 5
"""Most missing rows of one sheet that a finding names."""
_LONGEST: Final = 160
"""Most characters of a value in a message."""


def conflict_findings(
    file: str, conflicts: Iterable[Conflict], entries: Mapping[str, Entry], where: str
) -> Iterator[ImportFinding]:
    """Yield a finding for each edit that was not made, with its place in the file."""
    for one in conflicts:
        place = _place(file, one.pointer, one.property, entries)
        subject = f"{one.target}" + (f", {header(one.property)}" if one.property else "")
        yield ImportFinding("conflict", f"{place}: {subject}: {_reason(one, where)}")


def _reason(conflict: Conflict, where: str) -> str:
    """Return why an edit was not made."""
    if conflict.reason == "changed":
        kept, given = _shown(conflict.mine), _shown(conflict.theirs)
        return (
            f"this was also changed in {where}. {_capital(where)} keeps {kept}; the file has {given}. "
            f"Edit it there if the file is right."
        )
    return {
        "removed-here": f"this was removed from {where}, so the row of the file was not used.",
        "removed-there": f"the file lacks this row, but it was changed in {where}, so it stays.",
        "moved": f"this was moved in {where}, or its new place is gone, so it stays where it is.",
        "reordered": f"these rows were also put in another order in {where}, which stays.",
    }[conflict.reason]


def missing_findings(file: str, missing: Iterable[Missing], where: str) -> Iterator[ImportFinding]:
    """Yield a finding for each list with rows that a file lacks."""
    by_list: dict[str, list[str]] = defaultdict(list)
    for one in missing:
        by_list[one.field].append(one.target)
    for field, targets in by_list.items():
        named = ", ".join(targets[:_LISTED]) + (
            f" and {len(targets) - _LISTED} more" if len(targets) > _LISTED else ""
        )
        count = f"{len(targets)} row is" if len(targets) == 1 else f"{len(targets)} rows are"
        yield ImportFinding(
            "row-missing",
            f'{file}, "{BY_FIELD[field].title}": {count} missing: {named}. What is missing stays in {where}. '
            f"To remove it, import the file with `replace`.",
        )


def new_errors(
    before: Index | None, after: Index, theirs: Index, entries: Mapping[str, Entry]
) -> Iterator[ImportFinding]:
    """Yield the errors of a ladder that it did not have before, with the places of the rows that they are in."""
    old = set() if before is None else {(one.code, one.message) for one in check_indexed(before)}
    for one in check_indexed(after):
        if one.severity != "error" or (one.code, one.message) in old:
            continue
        node = after.at_pointer(one.path)
        there = theirs.find_target(node.target)
        entry = None if there is None else entries.get(there.pointer)
        name = one.path[len(node.pointer) :].lstrip("/").partition("/")[0]
        place = "" if entry is None else f"{entry.place(header(name))}: "
        yield ImportFinding("rule", f"{place}{one.message} [{one.code}]")


def _place(file: str, pointer: str, name: str, entries: Mapping[str, Entry]) -> str:
    """Return the place of a property of an entity or part in a file."""
    entry = entries.get(pointer)
    if entry is None:
        return file
    return entry.place(header(name) if header(name) in entry.columns else name)


def _shown(value: object) -> str:
    if value is None or value == ():
        return "nothing"
    text = ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
    return repr(text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
