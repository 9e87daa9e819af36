"""Pages of lists whose items have numbers, the greatest first. The cursor holds the number that a page ends with."""

from dataclasses import dataclass

from fastapi import Request

from app.api.reading import cursor
from app.api.reading.paging import page_links
from app.api.reading.queries import PageQuery
from app.api.reading.reader import serving_of
from app.serving.answers.answer import Answer, answer_of


@dataclass(frozen=True, slots=True)
class NumberedPage:
    """One page of a list whose items have numbers, the greatest first."""

    answer: Answer
    path: str
    query: PageQuery
    identity: str
    before: int | None
    """Its items have lower numbers; None for the first page."""

    @classmethod
    def of(cls, request: Request, below: str, query: PageQuery) -> "NumberedPage":
        """Return the page that a request asks for. Raises InvalidParameter for a cursor of another list."""
        answer = answer_of(request.scope)
        answer.draft = True
        identity = cursor.list_identity(below, {}, None)
        place = cursor.read(query.cursor, identity)
        if place is not None and not (place.isdecimal() and place.isascii()):
            raise cursor.not_a_cursor()
        path = f"{serving_of(request).settings.root_path}/v1/ladders/{below}"
        return cls(answer, path, query, identity, None if place is None else int(place))

    def links(self, last: int | None) -> dict[str, str]:
        """Return the links of the page; `last` is the number that it ends with, if it is not the last page."""
        following = None if last is None else cursor.write(self.identity, str(last))
        return page_links(self.answer, self.path, self.query.model_dump(exclude_unset=True), following)
