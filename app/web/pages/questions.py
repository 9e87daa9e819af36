"""The page of questions and tips of a ladder."""

from itertools import groupby

from starlette.responses import HTMLResponse

from app.api.protocol.routing import declare
from app.rubric.entities import Node
from app.rubric.ladder import Faq
from app.serving.route_table import RouteFacts
from app.web.layout.frame import frame_of
from app.web.layout.rendering import show
from app.web.navigation.page_reader import ReadingDep
from app.web.navigation.page_router import page_router

router = page_router()


@router.get("/ladders/{ladder}/faqs")
@declare(RouteFacts(carries=frozenset(), shows={"faqs": "", "tips": "tips"}))
def show_questions(reading: ReadingDep) -> HTMLResponse:
    """Show questions with their answers, by group, and tips."""
    index = reading.index
    order = {faq.group: place for place, faq in reversed(list(enumerate(index.ladder.faqs)))}
    faqs = sorted(index.of_kind("faq"), key=lambda node: order[_group(node)])  # a group stays together
    groups = groupby(faqs, key=_group)
    return show(
        "guidance.html",
        frame=frame_of(reading, "Questions and tips", section="faqs"),
        reading=reading,
        groups=tuple((group, tuple(found)) for group, found in groups),
        tips=index.of_kind("tip"),
    )


def _group(node: Node) -> str | None:
    return node.entity.group if isinstance(node.entity, Faq) else None
