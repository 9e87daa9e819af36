"""The glossary of a ladder: its kinds of statements, and the steps of its scales."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from starlette.responses import HTMLResponse

from app.api.protocol.routing import declare
from app.rubric.ladder import CountsAs
from app.rubric.statement_kinds import StatementKinds, kinds_used
from app.serving.route_table import RouteFacts
from app.web.layout.frame import frame_of
from app.web.layout.rendering import show
from app.web.navigation.page_reader import Reading, ReadingDep
from app.web.navigation.page_router import page_router
from app.web.translation.kind_words import statement_kind_title
from app.web.translation.messages import N_

router = page_router()

_MEANINGS: Final[dict[CountsAs, str]] = {
    "asked": N_("Expected at this level."),
    "optional": N_("Good to have, but not expected."),
    "ahead": N_("Goes beyond this level. It shows what to practise for the next one."),
    "sign": N_("A sign by which others can tell that the expectation is met."),
    "unwanted": N_("A counter-example: what someone at this level does not do."),
}


@dataclass(frozen=True, slots=True)
class KindView:
    """A kind of statement and what it means for a person."""

    slug: str
    title: str
    meaning: str


@router.get("/ladders/{ladder}/glossary")
@declare(RouteFacts(carries=frozenset(), shows={"scales": "scales", "steps": "scales"}))
def show_glossary(reading: ReadingDep) -> HTMLResponse:
    """Show the kinds of statements and the steps of scales."""
    return show(
        "glossary.html",
        frame=frame_of(
            reading,
            N_("Glossary"),
            description=N_("The labels and steps that this ladder uses."),
            api="/scales",
        ),
        reading=reading,
        kinds=tuple(_kinds(reading)),
        scales=reading.index.of_kind("scale"),
    )


def _kinds(reading: Reading) -> Iterator[KindView]:
    """Yield the kinds that the statements of the release have, in the order in which they first occur."""
    kinds = reading.index.once(StatementKinds)
    for slug in reading.index.once(kinds_used):
        yield KindView(slug, statement_kind_title(kinds, slug), _MEANINGS[kinds.counts_as(slug)])
