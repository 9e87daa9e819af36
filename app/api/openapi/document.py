"""The OpenAPI document: what FastAPI generates from the routes, completed.

Added here: texts, real examples, the names that `fields`, `expand` and `sort` accept on each resource, and the
headers and statuses that the layer in front of the routes adds to all of them.
"""

from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from threading import Lock
from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from app import __version__
from app.api.openapi.declarations import add_formats, add_links, bodies_of, name_parameters
from app.api.openapi.packaged import packaged_document
from app.api.openapi.show_examples import add_examples
from app.api.openapi.wording import describe_path_parameters, summarise
from app.api.protocol.idempotency import DESCRIPTION, HEADER
from app.api.protocol.json_body import NAMED, put_in
from app.api.protocol.problems import SHARED, Problem, documented, share
from app.api.protocol.rights import rights_of
from app.api.writing.inputs import input_schemas
from app.errors import BadRequest, Forbidden, TooManyRequests, Unauthenticated

Json = dict[str, Any]

_ABOUT: Final = """\
A REST API that serves career ladders as versioned JSON: levels, competencies, facets, examples, FAQs, and views such
as the matrix and the comparison of two levels.

**Ladders and releases.** `netflix-engineering` is the release of that ladder in force today.
`netflix-engineering@1.0.0` is exactly that release; it never changes and can be cached forever. `@latest` is the
newest published release, and `@draft` is the draft that authors edit. Every body names its ladder and release. All
links except `self` and `current` are pinned, so a client that follows links reads one release.

**Bodies.** A field that is not set is left out, never `null`. An empty list is `[]`. `fields` returns fewer fields.
`expand` adds related entities under `included`, each once. Within `/v1`, new fields, enum values and problem codes
may be added.

**Errors** are problem details (RFC 9457) with a stable `code`. They say what is wrong, where, and how to fix it.

**Caching.** Send the `ETag` of your copy as `If-None-Match`. If nothing has changed, the response is a 304.
"""
_TAGS: Final = {
    "start": "Entry points for people and machines.",
    "ladders": "A ladder is one career framework of one organisation.",
    "document": "A whole release in one body, for copies and backups.",
    "findings": "Errors and warnings about a draft or a release.",
    "tracks": "A track is a path through the ladder, such as individual contributor or management.",
    "levels": "A level is a rung of a track.",
    "effective": "The effective expectations of a level: its own and those it inherits.",
    "progression": "The levels that can follow a level, and self-ratings measured against a level.",
    "competencies": "A competency is a quality that is assessed, such as system design mastery.",
    "facets": "A facet is a part of a competency.",
    "expectations": "An expectation is what a level expects in a competency or facet: one cell of the matrix.",
    "matrix": "Levels side by side, with a short form of what each expects in each competency and facet.",
    "compare": "The differences between two levels of one or two tracks, releases or ladders.",
    "examples": "An example is a concrete illustration of a level, competency, facet, expectation or statement.",
    "scales": "A scale is a list of proficiency steps. Steps may have points.",
    "faqs": "Questions about the ladder, with answers.",
    "tips": "Advice to the reader.",
    "pages": "Longer texts, such as an overview or a history.",
    "pictures": "Pictures in SVG and PNG, for dashboards and wikis.",
    "releases": "A release is an immutable published version of a whole ladder.",
    "diff": "The changes between two releases, or a release and the draft, and what they mean for people.",
    "search": "Full-text search in one ladder or in all.",
    "reviews": "A review asks others to check a draft before it is published.",
    "settings": "Settings of a ladder: who can see it, and whether publishing needs a review.",
    "entities": "Every entity has a UUID that stays the same in every release, and after a rename.",
    "audit": "The audit log: who did what, when, and from where.",
    "health": "Health checks for operators.",
}
_HEADERS: Final = {
    "ETag": "Strong entity tag of the body (RFC 9110).",
    "Cache-Control": "Pinned responses are immutable. Others are short-lived and can be revalidated.",
    "Link": "Related URLs (RFC 8288): `next`; on pinned responses also `canonical`, `latest-version`, "
    "`version-history`, `predecessor-version` (RFC 5829).",
    "Deprecation": "Only on pinned responses of a deprecated release: the time of the deprecation (RFC 9745), such "
    "as `@1795348800`. The `deprecation` link leads to the reason.",
    "Sunset": "Only on pinned responses of a deprecated release: the time from which you should no longer use it "
    "(RFC 8594).",
    "Location": "URL path of the target.",
    "WWW-Authenticate": "How to authenticate (RFC 6750): the scheme, the error, and the missing scope.",
    "Retry-After": "Seconds to wait before the next attempt.",
    "X-Request-ID": "Identifies the request in the log. If the request has this header, its value is used.",
}

_ON_READS: Final = ("ETag", "Cache-Control", "Link", "Deprecation", "Sunset", "X-Request-ID")
_NEVER_KEPT: Final = frozenset({"health", "audit"})
"""Tags of reads without an entity tag, because every response differs."""
_BESIDE: Final = {
    "307": ("Location",),
    "412": ("ETag",),
    "401": ("WWW-Authenticate",),
    "403": ("WWW-Authenticate",),
    "429": ("Retry-After",),
    "503": ("Retry-After",),
}
"""More headers of errors, by status."""
_BEARER: Final = {
    "type": "http",
    "scheme": "bearer",
    "description": "An API key (created with `ladder keys create`), or a token of the OpenID Connect issuer that the "
    "service is configured with. By default, reads need no credentials. The scopes are `read`, `write`, `review`, "
    "`publish` and `admin`.",
}


def describe(api: FastAPI, root_path: str) -> None:
    """Give an application its OpenAPI document.

    `api.openapi()` generates the document from the routes. `api.state.document()` returns the one to serve: the
    packaged one, unless the application has other routes.
    """
    api.openapi = _once(lambda: _generate(api, root_path))  # type: ignore[method-assign]  # as documented
    api.state.document = _once(lambda: packaged_document(api, root_path) or api.openapi())


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


def _generate(api: FastAPI, root_path: str) -> Json:
    document = contract(api, root_path)
    add_examples(document)
    return document


def contract(api: FastAPI, root_path: str) -> Json:
    """Generate the document without examples, as `openapi.json` stores it."""
    made = get_openapi(
        title="Career Ladder API",
        version=__version__,
        summary="Career ladders as versioned JSON.",
        description=_ABOUT,
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        tags=[{"name": name, "description": text} for name, text in _TAGS.items()],
        servers=[{"url": root_path or "/"}],
        routes=api.routes,
    )
    document: Json = deepcopy(made)  # parts of it are the routes' own
    components = document["components"]
    _open_objects(components["schemas"])
    components["schemas"].pop("HTTPValidationError", None)
    components["schemas"].pop("ValidationError", None)
    schema = Problem.model_json_schema(mode="serialization", ref_template=NAMED)
    components["schemas"] |= schema.pop("$defs", {}) | {"Problem": schema} | input_schemas()
    components["headers"] = {
        name: {"description": text, "schema": {"type": "string"}} for name, text in _HEADERS.items()
    }
    components["responses"] = {}
    components["securitySchemes"] = {"bearer": _BEARER}
    rights, bodies, table = rights_of(api), bodies_of(api), api.state.routes
    add_links(components["schemas"], table, bodies)
    for path, method, operation in _operations(document):
        facts = table.find(path, method.upper())
        components["schemas"] |= put_in(operation)
        _secure(path, operation, rights.get(operation["operationId"], ()))
        add_formats(operation, facts)
        name_parameters(operation, facts, bodies.get(operation["operationId"]))
        summarise(operation)
        describe_path_parameters(path, operation, only_at_draft=facts.only_at_draft)
        _finish(method, operation)
        components["responses"] |= share(operation["responses"])
    return document


def _operations(document: Json) -> Iterator[tuple[str, str, Json]]:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield path, method, operation


def _secure(path: str, operation: Json, rights: Sequence[str]) -> None:
    """Document the scopes of an operation, and its errors without them. Open reads need no scope."""
    if not path.startswith("/v1"):
        operation["security"] = []
        return
    operation["security"] = [{"bearer": [right]} for right in rights] or [{}, {"bearer": ["read"]}]
    refusals = documented((Unauthenticated, Forbidden, TooManyRequests))
    operation["responses"] |= {str(status): said for status, said in refusals.items()}


def _finish(method: str, operation: Json) -> None:
    responses: Json = operation["responses"]
    responses |= {str(status): said for status, said in documented((BadRequest,)).items()}
    for status, response in responses.items():
        response["headers"] = _header_refs("X-Request-ID", *_BESIDE.get(status, ()))
    if method == "post" and {} not in operation["security"]:  # a POST that needs no scope changes nothing
        _finish_post(operation)
    if method == "get" and "200" in responses and operation["tags"][0] not in _NEVER_KEPT:
        _finish_read(operation, responses)
    operation["responses"] = dict(sorted(responses.items()))


def _finish_read(operation: Json, responses: Json) -> None:
    responses["200"]["headers"] = _header_refs(*_ON_READS)
    responses["304"] = {
        "description": "Not modified: the copy that you have is current.",
        "headers": _header_refs(*_ON_READS),
        SHARED: "not-modified",
    }
    operation.setdefault("parameters", []).append(
        {
            "name": "If-None-Match",
            "in": "header",
            "required": False,
            "description": "Entity tags of the copies that you have, or `*`.",
            "schema": {"type": "string"},
        }
    )


def _finish_post(operation: Json) -> None:
    """Document the Idempotency-Key of a POST that changes something."""
    parameter = {"name": HEADER, "in": "header", "required": False, "description": DESCRIPTION}
    schema = {"type": "string", "minLength": 1, "maxLength": 255}
    operation.setdefault("parameters", []).append({**parameter, "schema": schema})


def _header_refs(*names: str) -> Json:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _open_objects(schema: Any) -> None:  # noqa: ANN401 - any part of a JSON document
    """Remove `additionalProperties: false`, because later versions may add fields to responses."""
    if isinstance(schema, dict):
        if schema.get("additionalProperties") is False:
            del schema["additionalProperties"]
        for part in schema.values():
            _open_objects(part)
    elif isinstance(schema, list):
        for part in schema:
            _open_objects(part)
