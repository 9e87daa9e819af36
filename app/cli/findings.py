"""Findings in files: reading a bundle and checking its rules, with the place of each finding."""

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from rich.text import Text

from app.cli import output
from app.errors import BadRequest, Fault, InvalidLadder
from app.formats.bundle.reader import Bundle, read_bundle
from app.rubric.rules import Finding, Severity, check

_COLOURS: Final[dict[Severity, str]] = {"error": "bold red", "warning": "bold yellow"}
_PLACED: Final = re.compile(r"(?P<place>.+?:\d+:\d+): (?P<message>.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Remark:
    """One finding as people and machines read it."""

    place: str | None
    """`file:line:column`, counted from 1."""
    severity: Severity
    code: str
    """The rule's name; `malformed-request` or `invalid-ladder` for what is wrong in syntax or shape."""
    pointer: str | None
    """JSON Pointer (RFC 6901): into the ladder for a rule, into the file for what is wrong in shape."""
    message: str

    def json(self) -> dict[str, object]:
        """The finding as JSON."""
        return asdict(self)


def examine(path: Path) -> tuple[Bundle | None, tuple[Remark, ...]]:
    """Read the bundle at a path and check it: the bundle, if it could be read, and everything found."""
    try:
        bundle = read_bundle(path)
    except (BadRequest, InvalidLadder) as error:
        return None, tuple(_of_fault(fault, error.code) for fault in error.faults)
    return bundle, tuple(_of_finding(finding, bundle) for finding in check(bundle.ladder))


def has_errors(remarks: Sequence[Remark]) -> bool:
    """Whether one of the findings must be mended before publishing."""
    return any(remark.severity == "error" for remark in remarks)


def summary(remarks: Sequence[Remark]) -> str:
    """The findings in numbers: `2 errors, 1 warning`."""
    errors = sum(remark.severity == "error" for remark in remarks)
    warnings = len(remarks) - errors
    return f"{output.counted(errors, 'error')}, {output.counted(warnings, 'warning')}"


def print_remarks(remarks: Sequence[Remark], *, to_stdout: bool) -> None:
    """Print each finding as `file:line:column: severity: message [code]`, the way compilers do."""
    show = output.say if to_stdout else output.note
    for remark in remarks:
        before = f"{remark.place}: " if remark.place else ""
        after = f": {remark.message} [{remark.code}]"
        severity = (remark.severity, _COLOURS[remark.severity])
        show(Text.assemble(output.one_line(before), severity, output.one_line(after)))


def _of_fault(fault: Fault, code: str) -> Remark:
    placed = _PLACED.fullmatch(fault.detail)
    if placed is None:
        return Remark(None, "error", code, fault.pointer, fault.detail)
    return Remark(placed["place"], "error", code, fault.pointer, placed["message"])


def _of_finding(finding: Finding, bundle: Bundle) -> Remark:
    place = bundle.locate(finding.path)
    return Remark(
        None if place is None else str(place), finding.severity, finding.code, finding.path, finding.message
    )
