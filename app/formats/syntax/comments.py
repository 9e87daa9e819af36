"""Comments of a YAML file, attached to the entry below them.

ruamel.yaml attaches the lines between two entries to the first one. A new entry would then separate a comment from
its entry, and deleting an entry would delete the next entry's comment. This module attaches them to the second entry.
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any, Final

from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import CommentMark
from ruamel.yaml.tokens import CommentToken

Slot = tuple[CommentedMap | CommentedSeq, Any]
"""A container, and the key or position of one entry."""
_AFTER_VALUE: Final = 2
_BEFORE: Final = 1


def settle(root: CommentedMap) -> None:
    """Attach the comment lines after each entry to the next one. Lines at the end stay where they are."""
    for slot, following in pairwise(list(_slots(root))):
        token = _token_after(slot)
        if token is None:
            continue
        own, _, rest = token.value.partition("\n")
        if rest:
            token.value = own + "\n"
            _put_before(following, rest)


def _slots(container: Any) -> Iterator[Slot]:  # noqa: ANN401 - what a file holds
    """Yield every entry in document order."""
    if isinstance(container, CommentedMap):
        pairs: list[tuple[Any, Any]] = list(container.items())
    elif isinstance(container, CommentedSeq):
        pairs = list(enumerate(container))
    else:
        return
    for key, value in pairs:
        yield container, key
        yield from _slots(value)


def _token_after(slot: Slot) -> CommentToken | None:
    """Return the comment between an entry's scalar value and the next entry."""
    container, key = slot
    value = container[key]
    if isinstance(value, CommentedMap | CommentedSeq):
        return None
    token = getattr(value, "comment", None)  # that of a block scalar
    if token is None:
        tokens = container.ca.items.get(key) or ()
        place = _AFTER_VALUE if isinstance(container, CommentedMap) else 0
        token = tokens[place] if len(tokens) > place else None
    return token if isinstance(token, CommentToken) else None


def _put_before(slot: Slot, lines: str) -> None:
    container, key = slot
    tokens = container.ca.items.setdefault(key, [None, None, None, None])
    before = [_line(line) for line in lines.removesuffix("\n").split("\n")]
    tokens[_BEFORE] = [*before, *(tokens[_BEFORE] or ())]


def _line(text: str) -> CommentToken:
    words = text.lstrip(" ")
    return CommentToken(words + "\n", CommentMark(len(text) - len(words)), None)
