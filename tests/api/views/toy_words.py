"""The toy view of `tests/rubric/views/word_counts.py` in the API: one file, like every view in `app/api/views`."""

from typing import Annotated, Final

from fastapi import Query, Response

from app.api.protocol.problems import OF_ENTITY, documented
from app.api.protocol.routing import declare, resource_router
from app.api.reading import cursor
from app.api.reading.bodies import Body, construct
from app.api.reading.entity_bodies import ListBody
from app.api.reading.queries import PageQuery
from app.api.reading.reader import ReleaseDep
from app.api.reading.sparse_fields import requested_fields, select_fields
from app.api.views.text_formats import IN_CSV, IN_MARKDOWN, TABULAR, markdown, table
from app.rubric.text import Slug
from app.serving.route_table import Link, RouteFacts
from tests.rubric.views.word_counts import word_counts

router = resource_router("words")

_PATH: Final = "/ladders/{ladder}/levels/{level}/words"


class WordsItem(Body):
    """The words of one competency."""

    competency: Slug
    words: int | None = None


class WordsList(ListBody):
    """A page of competencies with their words."""

    items: tuple[WordsItem, ...]


@router.get(_PATH, responses=documented(OF_ENTITY))
@declare(RouteFacts(formats=TABULAR, link=Link("words", "How many words it asks with.")))
def read_words(release: ReleaseDep, level: str, query: Annotated[PageQuery, Query()]) -> WordsList:
    """Read how many words a level asks with, by competency."""
    address = release.get("level", level, "/words").address
    kept = requested_fields(WordsItem, query.fields)
    counts = list(word_counts(release.index, address).items())
    chosen, links = release.page_of(counts, cursor.list_identity(release.below, {}, None), query)
    rows = ({"competency": competency, "words": words} for competency, words in chosen)
    items = tuple(construct(WordsItem, select_fields(WordsItem, row, kept)) for row in rows)
    return release.body(WordsList, {"items": items}, links)


@router.get(f"{_PATH}.md", responses=IN_MARKDOWN | documented(OF_ENTITY), response_class=Response)
def read_words_as_markdown(release: ReleaseDep, level: str) -> Response:
    """Read how many words a level asks with in Markdown."""
    counts = word_counts(release.index, release.get("level", level, "/words.md").address)
    return markdown("".join(f"- {competency}: {words}\n" for competency, words in counts.items()))


@router.get(f"{_PATH}.csv", responses=IN_CSV | documented(OF_ENTITY), response_class=Response)
def read_words_as_table(release: ReleaseDep, level: str) -> Response:
    """Read how many words a level asks with as a table."""
    counts = word_counts(release.index, release.get("level", level, "/words.csv").address)
    return table(("competency", "words"), counts.items())
