"""The entry points: the root of the API, its catalog for machines, its JSON Schema."""

from typing import Annotated, Any

from fastapi import Request
from pydantic import Field
from starlette.responses import JSONResponse

from app import __version__
from app.api.protocol.problems import documented
from app.api.protocol.routing import declare, resource_router
from app.api.reading.bodies import Body, Path, construct, linked
from app.api.reading.reader import ServingDep
from app.errors import InvalidParameter, NotAcceptable
from app.formats.bundle.reader import bundle_schema
from app.serving.answers.answer import answer_of
from app.serving.route_table import RouteFacts

router = resource_router("start", prefix="")


_FIXED = (InvalidParameter, NotAcceptable)
"""Errors of a read that needs no database."""


class _SchemaResponse(JSONResponse):
    media_type = "application/schema+json"


class _LinksetResponse(JSONResponse):
    media_type = "application/linkset+json"


class RootLinks(Body):
    """Links of the entry point."""

    self_: Annotated[Path, Field(alias="self")]
    ladders: Path
    """All ladders."""
    ladder: str
    """URI template (RFC 6570) of one ladder: `slug`, `slug@latest` or `slug@1.2.0`."""
    entity: str
    """URI template of an entity by its UUID."""
    schema_: Annotated[Path, Field(alias="schema")]
    """JSON Schema of ladder files."""
    openapi: Path
    """The OpenAPI 3.1 document of this API."""
    docs: Path
    """Interactive documentation of this API."""


class Root(Body):
    """The entry point of the API."""

    title: str
    """Name of the service."""
    software_version: str
    """Version of the software. The version of the contract is `/v1`."""
    links: RootLinks


@router.get("/v1", responses=documented(_FIXED))
@declare(RouteFacts(fixed=True))
def read_root(serving: ServingDep) -> Root:
    """Read the entry point."""
    root = serving.settings.root_path
    links = {
        "self_": f"{root}/v1",
        "ladders": f"{root}/v1/ladders",
        "ladder": f"{root}/v1/ladders/{{ladder}}",
        "entity": f"{root}/v1/entities/{{uuid}}",
        "schema_": f"{root}/v1/schemas/ladder.json",
        "openapi": f"{root}/openapi.json",
        "docs": f"{root}/docs",
    }
    return construct(
        Root, {"title": "Career Ladder API", "software_version": __version__, "links": linked(Root, links)}
    )


@router.get("/openapi.json", include_in_schema=False)
@declare(RouteFacts(fixed=True))
def read_openapi(request: Request) -> JSONResponse:
    """Read the OpenAPI document. FastAPI's own route has no entity tag and is not cached."""
    return JSONResponse(request.app.state.document())


@router.get(
    "/v1/schemas/ladder.json",
    response_class=_SchemaResponse,
    responses={200: {"description": "JSON Schema, draft 2020-12."}, **documented(_FIXED)},
)
@declare(RouteFacts(fixed=True))
def read_ladder_schema() -> JSONResponse:
    """Read the JSON Schema of ladder files."""
    return _SchemaResponse(bundle_schema())


@router.get(
    "/.well-known/api-catalog",
    response_class=_LinksetResponse,
    responses={200: {"description": "A linkset (RFC 9264)."}, **documented(_FIXED)},
)
@declare(RouteFacts(fixed=True))
def read_api_catalog(request: Request, serving: ServingDep) -> JSONResponse:
    """Read the API catalog.

    The catalog (RFC 9727) tells machines where to find the OpenAPI document, the documentation and the status.
    """
    root = serving.settings.base_url
    linkset: dict[str, Any] = {
        "anchor": f"{root}/v1",
        "service-desc": [{"href": f"{root}/openapi.json", "type": "application/vnd.oai.openapi+json"}],
        "service-doc": [{"href": f"{root}/docs", "type": "text/html"}],
        "status": [{"href": f"{root}/readyz", "type": "application/json"}],
    }
    targets = {"api-catalog": f"{root}/.well-known/api-catalog"} | {
        name: linkset[name][0]["href"] for name in ("service-desc", "service-doc", "status")
    }
    answer_of(request.scope).links += targets.items()
    profile = 'application/linkset+json; profile="https://www.rfc-editor.org/info/rfc9727"'
    return JSONResponse({"linkset": [linkset]}, media_type=profile)
