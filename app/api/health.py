"""Health: whether the process lives, and whether it is ready to answer.

Both answer on the event loop: they must not wait for a thread while routes use all of them.
"""

from typing import Literal

from fastapi import Response

from app.api.protocol.problems import documented
from app.api.protocol.routing import resource_router
from app.api.reading.bodies import Body
from app.api.reading.reader import ServingDep
from app.errors import InvalidParameter

router = resource_router("health", prefix="")


class Liveness(Body):
    """The process lives."""

    status: Literal["ok"] = "ok"


class Readiness(Body):
    """Whether the process can answer reads."""

    status: Literal["ok", "degraded", "starting", "stopping"]
    """`degraded`: the database is away and memory is served, or its schema allows only reads. An open list."""
    reason: str | None = None
    """Why it is not `ok`."""


@router.get("/healthz", responses=documented((InvalidParameter,)))
async def check_liveness() -> Liveness:
    """Say that the process lives; asks nothing of the database."""
    return Liveness()


@router.get(
    "/readyz",
    responses={
        503: {"model": Readiness, "description": "Not ready yet, or stopping."},
        **documented((InvalidParameter,)),
    },
)
async def check_readiness(serving: ServingDep, response: Response) -> Readiness:
    """Say whether reads can be answered; 200 while the database is away, once it has been reached."""
    freshness = serving.freshness
    status = freshness.status
    if status in ("starting", "stopping"):
        response.status_code = 503
    return Readiness(status=status, reason=freshness.reason)
