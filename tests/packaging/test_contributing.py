"""The places that CONTRIBUTING.md lists for a new kind of entity are those where an existing kind is named."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
SECTION: Final = re.compile(r"## Add a kind of entity\n(.*?)\n## ", re.DOTALL)
FILE: Final = re.compile(r"`(app/[\w/]+\.py)`")
TIP: Final = re.compile(r"\b(?:tips?|\w+_tips?|Tip[A-Z]?\w*)\b")
"""The name of the kind in code: its word, its list, its operations and its classes."""
MOST_PLACES: Final = 8


def section() -> str:
    found = SECTION.search((ROOT / "CONTRIBUTING.md").read_text("utf-8"))
    assert found is not None
    return found.group(1)


def words(source: str) -> Iterator[str]:
    """The names and strings of a module, without its docstrings and comments."""
    tree = ast.parse(source)
    described = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        match node:
            case (
                ast.Name(id=name) | ast.Attribute(attr=name) | ast.alias(name=name) | ast.ClassDef(name=name)
            ):
                yield name
            case ast.Constant(value=str() as text) if id(node) not in described:
                yield text


def test_a_kind_of_entity_is_named_only_in_the_places_that_are_listed() -> None:
    naming = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "app").rglob("*.py")
        if any(TIP.search(word) for word in words(path.read_text("utf-8")))
    }
    assert naming == set(FILE.findall(section()))


def test_a_kind_of_entity_needs_at_most_eight_places() -> None:
    assert len(re.findall(r"^\d+\. ", section(), re.MULTILINE)) <= MOST_PLACES
