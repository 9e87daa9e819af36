"""Findings in files: a bundle is read and checked, and each finding has a file, line and column."""

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from rich.text import Text

from app.cli import output
from app.errors import BadRequest, Fault, InvalidLadder
from app.formats.bundle.reader import Bundle, read_bundle
from app.rubric.index import Index
from app.rubric.rules import Finding, Severity, check
from app.rubric.rules.slug_history import check_history
from app.rubric.slug_history import History

_COLOURS: Final[dict[Severity, str]] = {"error": "bold red", "warning": "bold yellow"}
_PLACED: Final = re.compile(r"(?P<place>.+?:\d+:\d+): (?P<message>.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class FileFinding:
    """One finding in a file."""

    place: str | None
    """The place as `file:line:column`, counted from 1."""
    severity: Severity
    code: str
    """The rule's name; `malformed-request` or `invalid-ladder` for errors of syntax or shape."""
    pointer: str | None
    """JSON Pointer (RFC 6901): into the ladder for a rule, into the file for errors of shape."""
    message: str

    def json(self) -> dict[str, object]:
        """Return the finding as JSON."""
        return asdict(self)


def check_files(path: Path) -> tuple[Bundle | None, tuple[FileFinding, ...]]:
    """Read and check the bundle at a path; return the bundle, if it can be read, and all findings."""
    try:
        bundle = read_bundle(path)
    except (BadRequest, InvalidLadder) as error:
        return None, tuple(_of_fault(fault, error.code) for fault in error.faults)
    return bundle, tuple(_of_finding(finding, bundle) for finding in check(bundle.ladder))


def check_names(
    bundle: Bundle, findings: tuple[FileFinding, ...], index: Index, history: History
) -> tuple[FileFinding, ...]:
    """Return the findings and, after them, the conflicts with what was published before."""
    conflicts = check_history(index, history)
    return (*findings, *(_of_finding(conflict, bundle) for conflict in conflicts))


def has_errors(findings: Sequence[FileFinding]) -> bool:
    """Return whether one of the findings is an error."""
    return any(finding.severity == "error" for finding in findings)


def summary(findings: Sequence[FileFinding]) -> str:
    """Return the number of findings: `2 errors, 1 warning`."""
    errors = sum(finding.severity == "error" for finding in findings)
    warnings = len(findings) - errors
    return f"{output.counted(errors, 'error')}, {output.counted(warnings, 'warning')}"


def print_findings(findings: Sequence[FileFinding], *, to_stdout: bool) -> None:
    """Print each finding as `file:line:column: severity: message [code]`, the way compilers do."""
    show = output.say if to_stdout else output.note
    for finding in findings:
        before = f"{finding.place}: " if finding.place else ""
        after = f": {finding.message} [{finding.code}]"
        severity = (finding.severity, _COLOURS[finding.severity])
        show(Text.assemble(output.one_line(before), severity, output.one_line(after)))


def _of_fault(fault: Fault, code: str) -> FileFinding:
    placed = _PLACED.fullmatch(fault.detail)
    if placed is None:
        return FileFinding(None, "error", code, fault.pointer, fault.detail)
    return FileFinding(placed["place"], "error", code, fault.pointer, placed["message"])


def _of_finding(finding: Finding, bundle: Bundle) -> FileFinding:
    place = bundle.locate(finding.path)
    return FileFinding(
        None if place is None else str(place), finding.severity, finding.code, finding.path, finding.message
    )
