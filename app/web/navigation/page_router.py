"""Routers for pages: they are not in the OpenAPI document, and refuse parameters that are given twice."""

from fastapi import Depends

from app.api.protocol.former_slugs import follow_renaming
from app.api.protocol.routing import FactsRouter
from app.serving.route_table import RouteFacts
from app.web.navigation.query_values import refuse_repeated


def page_router() -> FactsRouter:
    """Return a router for pages of the explorer, which know who is signed in."""
    return FactsRouter(
        RouteFacts(page=True, people=True),
        include_in_schema=False,
        dependencies=[Depends(refuse_repeated), Depends(follow_renaming)],
    )


def plain_router() -> FactsRouter:
    """Return a router for pages that are the same for everybody, and for those where people sign in and out."""
    return FactsRouter(
        RouteFacts(people=True), include_in_schema=False, dependencies=[Depends(refuse_repeated)]
    )
