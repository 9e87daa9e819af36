"""Checks the English of the project for its worst habits: `python -m tools.words`, part of `make lint`.

Two things are looked for, both chosen so that a correct sentence is never reported:

- docstrings that are a bare clause ("What a level asks."). A function's docstring starts with an imperative verb
  ("Return the level's expectations."), that of a class or module with a noun phrase ("One page of a list.");
- sentences that the project once used and has replaced, listed below with the words that replaced them.

Exit code 0 when nothing is found, 1 otherwise, with one line per finding: `file:line: finding`.
"""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
CLAUSE: Final = frozenset({"What", "Whether", "Where", "Which", "How", "Who", "Whom", "When", "Why"})
REPLACED: Final = {
    "the least honest one, and less is refused": "The changes set a minimum version number.",
    "keeps of the optional properties only": "returns `summary` and the required fields only",
    "a new key that may the same": "creates a new key with the same rights",
    "and is none, for it is a typing error": "are rejected, because they are usually typos",
    "too large for a picture has no link to one": "Views too large to draw have no picture link.",
    "edit voids it, and none renews it": "Any later edit cancels the approval.",
    "until somebody approves who changed nothing": "until someone who did not edit the draft approves it",
    "inside means nothing to anyone else": "treat it as opaque",
    "renames it, with all that names it": "the entity is renamed and references to it are updated",
    "nobody can tell whether you are signed in": "We can't check your sign-in right now.",
    "and let somebody approve who changed nothing": "have it approved by someone who has not edited the draft",
    "do this yet, for there is no key": "No API key exists yet, so nobody can do this.",
    "lies ahead: a date ahead is": "is in the future. To schedule a release, set `effective_from`.",
    "It has changed meanwhile": "The resource has changed",
    "in which forms, and where it goes on": "Links: this page, its other formats, the next page.",
    "Paths that ask nobody": "Paths that need no authentication.",
    "Up to so many bytes, JSON is read": "JSON bodies up to this size are parsed in process.",
    "Still asked from": "Also expected from",
    "here in place of what the track would take over": "This track replaces the text of … here.",
    "it holds for nobody, and may change at any moment": "Draft. Not published. Only editors and reviewers see it.",
    "whose readers are asked to move on": "1.0.0 is being retired. Please use 1.1.0.",
    "do not say whether a level includes those below it": "Not stated whether levels build on each other.",
    "there is more to understand it by": "No new demands. Something was added or explained.",
    "Nothing has all of this. Ask for less": "No results for …. Check the spelling, use fewer words.",
    "The key goes to this server and is not kept here": "(leave out)",
}
"""Sentences that were hard to read, each with what the project says instead."""
_PROSE: Final = (".py", ".md", ".html", ".yaml", ".toml")
_SPACE: Final = re.compile(r"\s+")


def main() -> int:
    """Print every finding and return the exit code."""
    found = [line for path in _tracked() for line in findings(path, path.read_text("utf-8"))]
    print("\n".join(found) if found else "Words: nothing found.")
    return 1 if found else 0


def findings(path: Path, text: str) -> Iterator[str]:
    """Yield the findings of one file, as `file:line: finding`."""
    if path.suffix == ".py":
        yield from (
            f"{path}:{line}: the docstring is a bare clause ('{first} …'): begin with a verb or a noun"
            for line, first in _clauses(text)
        )
    flat = _SPACE.sub(" ", text)
    yield from (f"{path}: says '{old}'; say: {new}" for old, new in REPLACED.items() if old in flat)


def _clauses(text: str) -> Iterator[tuple[int, str]]:
    """Yield the line and the first word of each docstring that is a bare clause."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            words = (ast.get_docstring(node) or "").split()
            if words and words[0] in CLAUSE:
                yield getattr(node, "lineno", 1), words[0]


def _tracked() -> list[Path]:
    """Return the files of the repository that hold prose, this list of sentences and its test excepted."""
    listed = subprocess.run(
        ["git", "-C", str(ROOT), "ls-files"], capture_output=True, text=True, check=True
    ).stdout
    own = {"tools/words.py", "tests/tools/test_words.py"}
    names = (name for name in listed.splitlines() if name.endswith(_PROSE) and name not in own)
    return [path for name in names if (path := Path(name)).is_file()]


if __name__ == "__main__":
    sys.exit(main())
