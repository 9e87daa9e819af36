"""FAQs: questions and their answers."""

from typing import Annotated

from fastapi import Query

from app.api.content.filters import AboutFilter, GroupFilter, both, is_about, titled
from app.api.protocol.problems import IN_RELEASE, OF_ENTITY, documented
from app.api.protocol.routing import resource_router
from app.api.reading.entity_bodies import FaqItem, ListBody, Resource
from app.api.reading.queries import ListQuery, ReadQuery
from app.api.reading.reader import ReleaseDep
from app.api.writing.entity_routes import add_writes

router = resource_router("faqs", kind="faq")


class FaqList(ListBody):
    """One page of FAQs."""

    items: tuple[FaqItem, ...]
    """The FAQs on this page."""


class FaqResource(Resource, FaqItem):
    """A question and its answer."""


class FaqQuery(ListQuery):
    """Query parameters of the list of FAQs."""

    about: AboutFilter = None
    group: GroupFilter = None


@router.get("/ladders/{ladder}/faqs", responses=documented(IN_RELEASE))
def list_faqs(release: ReleaseDep, query: Annotated[FaqQuery, Query()]) -> FaqList:
    """List FAQs.

    Questions and answers come in order. Filters choose those about one entity.
    """
    keep = both(is_about(release, query.about), titled("group", query.group))
    return release.page(FaqList, "faq", query, keep)


@router.get("/ladders/{ladder}/faqs/{faq}", responses=documented(OF_ENTITY))
async def read_faq(release: ReleaseDep, faq: str, query: Annotated[ReadQuery, Query()]) -> FaqResource:
    """Read an FAQ."""
    return release.single(FaqResource, await release.entity("faq", faq), query)


add_writes(router, "faq", FaqResource)
