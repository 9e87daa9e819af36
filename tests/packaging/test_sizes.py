"""Checks that files, functions and docstrings keep to the rules of CONTRIBUTING.md."""

import ast
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tools.words import CLAUSE

ROOT: Final = Path(__file__).parents[2]
FILES: Final = [
    path for room in ("app", "tools", "migrations") for path in sorted((ROOT / room).rglob("*.py"))
]
LONGER: Final = {
    "app/cli/commands/imports.py: import_",  # most of it declares its options
    "app/cli/commands/publish.py: publish",  # the same
    "app/cli/commands/read.py: export",  # the same
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


def test_nine_files_in_ten_have_less_than_220_lines() -> None:
    lines = sorted(len(path.read_text("utf-8").splitlines()) for path in FILES)
    assert lines[len(lines) * 9 // 10] < 220


def test_no_function_is_more_complex_than_12() -> None:
    config = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    assert config["tool"]["ruff"]["lint"]["mccabe"]["max-complexity"] <= 12
    assert not [
        path for path in FILES if "C901" in path.read_text("utf-8")
    ]  # nor does any file except itself


def test_no_folder_has_more_than_20_modules() -> None:
    folders = Counter(path.parent for path in (ROOT / "app").rglob("*.py") if path.name != "__init__.py")
    assert {str(folder.relative_to(ROOT)): many for folder, many in folders.items() if many > 20} == {}


def test_less_than_2_percent_of_docstrings_are_a_bare_clause() -> None:
    found = [
        docstring.split()[0]
        for path in (ROOT / "app").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and (docstring := ast.get_docstring(node))
    ]
    assert len(found) > 1_000
    assert sum(word in CLAUSE for word in found) < len(found) * 0.02
