"""The OpenAPI document: what FastAPI generates from the routes, completed.

Added here: texts, real examples, the names that `fields`, `expand` and `sort` accept on each resource, the headers
and statuses that the layer in front of the routes adds to all of them, and schemas that generators understand.
"""

from collections.abc import Callable, Collection, Iterator
from copy import deepcopy
from threading import Lock
from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from app import __version__
from app.api.openapi.about import ABOUT, TAGS
from app.api.openapi.declarations import (
    add_included,
    add_links,
    bodies_of,
    describe_formats,
    name_parameters,
)
from app.api.openapi.operations import BEARER, document_renaming, finish, header_components, secure
from app.api.openapi.packaged import packaged_document
from app.api.openapi.schemas import name_enums, open_response, remove_unused, simplify
from app.api.openapi.show_examples import add_examples
from app.api.openapi.summaries import describe_path_parameters, summarise
from app.api.protocol.json_body import NAMED, body_schemas
from app.api.protocol.problems import Problem, share
from app.api.protocol.rights import rights_of
from app.api.tables.tables import row_schemas
from app.api.writing.inputs import input_schemas
from app.api.writing.patching import PATCH_SCHEMAS

Json = dict[str, Any]

_TITLE: Final = "Career Ladder API"


def describe(api: FastAPI, base_url: str) -> None:
    """Give an application its OpenAPI document.

    `api.openapi()` generates the document from the routes. `api.state.document()` returns the one to serve: the
    packaged one, unless the application has other routes.
    """
    api.openapi = _once(lambda: _generate(api, base_url))  # type: ignore[method-assign]  # as documented
    api.state.document = _once(lambda: packaged_document(api, base_url) or api.openapi())


def _once(build: Callable[[], Json]) -> Callable[[], Json]:
    """Return a function that builds the document on the first call. Concurrent callers wait for the first."""
    building = Lock()
    built: list[Json] = []

    def document() -> Json:
        with building:
            if not built:
                built.append(build())
            return built[0]

    return document


def _generate(api: FastAPI, base_url: str) -> Json:
    document = contract(api, base_url)
    add_examples(document)
    return document


def contract(api: FastAPI, base_url: str) -> Json:
    """Generate the document without examples, as `openapi.json` stores it."""
    made = get_openapi(
        title=_TITLE,
        version=__version__,
        summary="Career ladders as versioned JSON.",
        description=ABOUT,
        contact={"name": _TITLE},
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        tags=[{"name": name, "description": text} for name, text in TAGS.items()],
        servers=[{"url": base_url or "/"}],
        routes=api.routes,
    )
    document: Json = deepcopy(made)  # parts of it are the routes' own
    components = document["components"]
    problem = Problem.model_json_schema(mode="serialization", ref_template=NAMED)
    requests = input_schemas() | body_schemas() | deepcopy(PATCH_SCHEMAS)
    components["schemas"] |= problem.pop("$defs", {}) | {"Problem": problem} | row_schemas() | requests
    components["headers"] = header_components()
    components["responses"] = {}
    components["securitySchemes"] = {"bearer": BEARER}
    _complete(api, document)
    simplify(document)
    _open_responses(document, requests.keys())
    name_enums([document["paths"], requests], components["schemas"])
    remove_unused(document)
    return document


def _complete(api: FastAPI, document: Json) -> None:
    """Complete every operation by what its route declares."""
    components = document["components"]
    rights, bodies, table = rights_of(api), bodies_of(api), api.state.routes
    add_links(components["schemas"], table, bodies)
    for path, method, operation in _operations(document):
        facts = table.find(path, method.upper())
        body = bodies.get(operation["operationId"])
        summarise(operation)
        secure(path, operation, rights.get(operation["operationId"], ()))
        describe_formats(operation, facts)
        name_parameters(operation, facts, body)
        add_included(components["schemas"], operation, facts, body)
        describe_path_parameters(path, operation)
        document_renaming(path, operation)
        finish(method, operation)
        components["responses"] |= share(operation["responses"])


def _open_responses(document: Json, requests: Collection[str]) -> None:
    """Open every schema of a response. `requests` names the shared schemas that are none."""
    schemas = document["components"]["schemas"]
    open_response([schema for name, schema in schemas.items() if name not in requests])
    for _, _, operation in _operations(document):
        open_response(operation["responses"])


def _operations(document: Json) -> Iterator[tuple[str, str, Json]]:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield path, method, operation
