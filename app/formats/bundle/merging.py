"""Updating written values in place. Equal values are not touched."""

import re
from collections.abc import Callable, Collection, Mapping, MutableMapping, MutableSequence
from datetime import date
from typing import Any, Final

from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, LiteralScalarString

_IDENTITIES: Final = ("slug", "step", "system", "field", "text", "title", "url")
"""The properties that identify an item of a list, the surest first."""
_LOOSE_SPACE: Final = re.compile(r"\A\s|\s\Z|[^\S\n]\n")
"""White space that a block would not keep for certain."""


def merge_entity(
    written: MutableMapping[str, Any], wanted: Mapping[str, Any], *, keep: Collection[str]
) -> None:
    """Give a written mapping these properties and no other, but for those to keep."""
    gone = [
        name for name, value in written.items() if name not in {*wanted, *keep} and not says_nothing(value)
    ]
    for name in gone:
        del written[name]
    for name, value in wanted.items():
        written[name] = merge_value(written[name], value) if name in written else laid_out(value)


def says_nothing(value: Any) -> bool:  # noqa: ANN401 - JSON of any type
    """Return whether a written value means the same as no value."""
    return value is None or (isinstance(value, Mapping | MutableSequence) and not value)


def merge_value(written: Any, wanted: Any) -> Any:  # noqa: ANN401 - JSON of any type
    """Return the value to write: the old one, updated in place if possible."""
    if _same(written, wanted):
        return written
    if isinstance(written, MutableMapping) and isinstance(wanted, Mapping):
        merge_entity(written, wanted, keep=())
        return written
    if isinstance(written, MutableMapping) and isinstance(wanted, str) and "text" in written:
        merge_entity(written, {"text": wanted}, keep=())  # the author writes out what could be plain text
        return written
    if isinstance(written, MutableSequence) and isinstance(wanted, list):
        _merge_list(written, wanted)
        return written
    return laid_out(wanted)


def laid_out(value: Any) -> Any:  # noqa: ANN401 - JSON of any type
    """Return a new value as YAML should set it: texts of several lines as blocks. JSON takes no notice."""
    if isinstance(value, Mapping):
        return CommentedMap((name, laid_out(item)) for name, item in value.items())
    if isinstance(value, list):
        return CommentedSeq(laid_out(item) for item in value)
    if isinstance(value, str) and _LOOSE_SPACE.search(value.removesuffix("\n")):
        return DoubleQuotedScalarString(value)
    return LiteralScalarString(value) if isinstance(value, str) and "\n" in value else value


def same_order(items: MutableSequence[Any], rank: Callable[[Any], int]) -> None:
    """Sort a written list in place, where it is not in order already."""
    ranks = [rank(item) for item in items]
    if ranks != sorted(ranks):
        _reorder(items, sorted(items, key=rank))


def _merge_list(written: MutableSequence[Any], wanted: list[Any]) -> None:
    """Make it that list; an item that is known again stays the item that was written."""
    left = list(written)
    merged = []
    for item in wanted:
        known = _known_again(left, item)
        if known is None:
            merged.append(laid_out(item))
        else:
            merged.append(merge_value(left.pop(known), item))
    _replace_items(written, merged)


def _replace_items(written: MutableSequence[Any], merged: list[Any]) -> None:
    """Take out what is gone, put in what is new, and let alone what stays in its order."""
    for at in reversed(range(len(written))):
        if not any(written[at] is item for item in merged):
            del written[at]
    stays = [item for item in merged if any(item is one for one in written)]
    if all(one is item for one, item in zip(written, stays, strict=False)) and len(stays) == len(written):
        for at, item in enumerate(merged):
            if at >= len(written) or written[at] is not item:
                written.insert(at, item)
    else:
        _reorder(written, merged)


def _reorder(items: MutableSequence[Any], ordered: list[Any]) -> None:
    """Put the items into that order, each with the comment above it."""
    if not isinstance(items, CommentedSeq):
        items[:] = ordered
        return
    tokens = {id(item): items.ca.items.get(at) for at, item in enumerate(items)}
    items[:] = ordered
    items.ca.items.clear()
    for at, item in enumerate(ordered):
        if tokens.get(id(item)) is not None:
            items.ca.items[at] = tokens[id(item)]


def _known_again(left: list[Any], item: Any) -> int | None:  # noqa: ANN401 - JSON of any type
    """Return the place of the written item that this one is."""
    equal = next((at for at, one in enumerate(left) if _same(one, item)), None)
    if equal is not None or not isinstance(item, Mapping):
        return equal
    for name in _IDENTITIES:
        if name in item:
            same = (
                at for at, one in enumerate(left) if isinstance(one, Mapping) and one.get(name) == item[name]
            )
            return next(same, None)
    return None


def _same(written: Any, wanted: Any) -> bool:  # noqa: ANN401 - JSON of any type
    """Return whether a written value already has this meaning."""
    if isinstance(written, date):
        return bool(written.isoformat() == wanted)
    if isinstance(written, Mapping) and isinstance(wanted, str):
        return dict(written) == {"text": wanted}
    return bool(type(written) is not bool and written == wanted)
