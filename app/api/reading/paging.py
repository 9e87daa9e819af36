"""The sort order of a list, and its pages."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeVar

from app.api.reading import cursor
from app.api.reading.queries import ListQuery, PageQuery, known_name
from app.api.reading.urls import with_query
from app.rubric.entities import Node
from app.rubric.index import Index
from app.serving.answers.answer import Answer

Item = TypeVar("Item")

_TITLES: Final = {"faq": "question"}
"""The field that `sort=title` reads in kinds that have no `title`."""


def sort_keys(kind: str) -> tuple[str, ...]:
    """Return the sort keys of a list of that kind."""
    rank = ("effective_rank",) if kind == "level" else ()
    title = () if kind == "expectation" else ("title",)
    return ("position", "slug", *title, *rank)


def in_order(index: Index, kind: str, nodes: list[Node], sort: str | None) -> list[Node]:
    """Return nodes sorted by a field, descending if `-` precedes it. Ties keep document order.

    Entities without the field come last in both directions. Raises InvalidParameter for an unknown field.
    """
    if sort is None:
        return nodes
    descending = sort.startswith("-")
    key = known_name("sort", sort.removeprefix("-"), sort_keys(kind))
    if key == "position":
        return nodes[::-1] if descending else nodes
    keyed = [(_key(index, node, key), node) for node in nodes]
    ranked = sorted(
        (pair for pair in keyed if pair[0] is not None), key=lambda pair: pair[0], reverse=descending
    )
    return [node for _, node in ranked] + [node for value, node in keyed if value is None]


def page_of(
    items: Sequence[Item], identity: str, query: ListQuery | PageQuery, size: int | None = None
) -> tuple[Sequence[Item], str | None]:
    """Return one page of a list, and the cursor of the next page, if any.

    `identity` is that of the list (see `cursor.list_identity`). `size` is the number of items on this page; None
    means as many as the query asks for. Raises InvalidParameter for another list's cursor.
    """
    start = cursor.read_position(query.cursor, identity)
    stop = start + (query.limit if size is None else size)
    return items[start:stop], cursor.write(identity, str(stop)) if stop < len(items) else None


def page_links(answer: Answer, path: str, asked: Mapping[str, Any], following: str | None) -> dict[str, str]:
    """Return the links of a page of a list that spans releases, and add the next page to the `Link` header.

    `following` is the cursor of the next page; None on the last page.
    """
    links = {"self_": with_query(path, asked)}
    if following is not None:
        links["next"] = with_query(path, {**asked, "cursor": following})
        answer.links.append(("next", links["next"]))
    return links


def _key(index: Index, node: Node, key: str) -> Any:  # noqa: ANN401 - of one sort within a list
    if key == "slug":
        return node.address
    if key == "effective_rank":
        return index.ranks[node.address]
    value = getattr(node.entity, _TITLES.get(node.kind, key), None)
    return None if value is None else value.casefold()
