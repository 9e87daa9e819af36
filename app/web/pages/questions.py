"""The page of questions and tips of a ladder."""

from itertools import groupby

from starlette.responses import HTMLResponse

from app.api.protocol.routing import declare
from app.rubric.entities import Node
from app.rubric.ladder import Faq
from app.rubric.text import folded
from app.serving.route_table import RouteFacts
from app.web.layout.frame import frame_of
from app.web.layout.rendering import show
from app.web.navigation.page_reader import ReadingDep
from app.web.navigation.page_router import page_router
from app.web.translation.messages import N_

router = page_router()


@router.get("/ladders/{ladder}/faqs")
@declare(RouteFacts(carries=frozenset(), shows={"faqs": "", "tips": "tips"}))
def show_questions(reading: ReadingDep) -> HTMLResponse:
    """Show questions with their answers, by group, and tips."""
    index = reading.index
    nodes = index.of_kind("faq")
    order = {_folded_group(node): place for place, node in reversed(list(enumerate(nodes)))}
    faqs = sorted(nodes, key=lambda node: order[_folded_group(node)])  # a group stays together
    groups = (tuple(found) for _, found in groupby(faqs, key=_folded_group))
    return show(
        "guidance.html",
        frame=frame_of(reading, N_("Questions and tips"), section="faqs"),
        reading=reading,
        groups=tuple((_group(found[0]), found) for found in groups),
        tips=index.of_kind("tip"),
    )


def _folded_group(node: Node) -> str:
    """Return the group of a question as it is compared; names that look the same are one group."""
    return folded(_group(node) or "")


def _group(node: Node) -> str | None:
    return node.entity.group if isinstance(node.entity, Faq) else None
