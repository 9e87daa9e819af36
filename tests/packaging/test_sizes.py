"""Files and functions are as short as CONTRIBUTING.md says."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
FILES: Final = [
    path for room in ("app", "tools", "migrations") for path in sorted((ROOT / room).rglob("*.py"))
]
LONGER: Final = {
    "app/cli/commands/publish.py: publish",  # most of it declares its options
    "app/serving/answers/hot.py: find",  # each call on the way of a hot read costs more than it explains
    "app/store/drafts.py: save_draft",  # half of it says what it takes and raises
}
"""Functions of more than 40 lines, and why."""


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """Each function of a file by its name, and how many lines it has."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno is not None
            yield f"{path.relative_to(ROOT)}: {node.name}", node.end_lineno - node.lineno + 1


def test_a_function_has_at_most_40_lines() -> None:
    assert {name for path in FILES for name, lines in functions(path) if lines > 40} == LONGER


def test_nine_files_in_ten_have_less_than_250_lines() -> None:
    lines = sorted(len(path.read_text("utf-8").splitlines()) for path in FILES)
    assert lines[len(lines) * 9 // 10] < 250
