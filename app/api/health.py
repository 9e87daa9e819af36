"""Health checks: liveness and readiness of the process.

Both run on the event loop, so they need no worker thread even if all threads are busy.
"""

from typing import Literal

from fastapi import Response

from app.api.protocol.problems import documented
from app.api.protocol.routing import declare, resource_router
from app.api.reading.bodies import Body
from app.api.reading.reader import ServingDep
from app.errors import InvalidParameter
from app.serving.route_table import RouteFacts

router = resource_router("health", prefix="")


class Liveness(Body):
    """The process is alive."""

    status: Literal["ok"] = "ok"


class Readiness(Body):
    """Readiness of the process to answer reads."""

    status: Literal["ok", "degraded", "starting", "stopping"]
    """`degraded`: the database is down and reads come from memory, or its schema allows only reads. More values may
    be added."""
    reason: str | None = None
    """The reason, if the status is not `ok`."""


@router.get("/healthz", responses=documented((InvalidParameter,)))
@declare(RouteFacts(open=True))
async def check_liveness() -> Liveness:
    """Check liveness.

    Returns 200 while the process is alive. It does not use the database.
    """
    return Liveness()


@router.get(
    "/readyz",
    responses={
        503: {"model": Readiness, "description": "Not ready yet, or stopping."},
        **documented((InvalidParameter,)),
    },
)
@declare(RouteFacts(open=True))
async def check_readiness(serving: ServingDep, response: Response) -> Readiness:
    """Check readiness.

    Returns 200 if the service can answer reads. Once the database has been reached, reads are answered from memory
    even while it is down, and `status` is `degraded`.
    """
    freshness = serving.freshness
    status = freshness.status
    if status in ("starting", "stopping"):
        response.status_code = 503
    return Readiness(status=status, reason=freshness.reason)
