"""The OpenAPI document: what FastAPI finds in the routes, made into something worth reading.

Added here, in one place: texts, real examples, the names that `fields`, `expand` and `sort` know on each resource,
and the headers and statuses that the layer in front of the routes gives to all of them.
"""

from collections.abc import Iterator, Sequence
from copy import deepcopy
from threading import Lock
from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from app import __version__
from app.api.openapi.declarations import add_formats, add_links, bodies_of, name_parameters
from app.api.openapi.read_examples import ANSWERS, REQUESTS, recorded
from app.api.openapi.write_examples import STORY
from app.api.protocol.idempotency import DESCRIPTION, HEADER
from app.api.protocol.json_body import NAMED, put_in
from app.api.protocol.problems import SHARED, Problem, documented, share
from app.api.protocol.rights import rights_of
from app.api.writing.inputs import input_schemas
from app.errors import BadRequest, Forbidden, InvalidParameter, TooManyRequests, Unauthenticated
from app.serving.answers.problems import MEDIA_TYPE

Json = dict[str, Any]

_ABOUT: Final = """\
One place for what each level of a career ladder means: levels, competencies, facets, examples and questions, as
versioned JSON.

**How to name a ladder.** `netflix-engineering` is the release in force today; `netflix-engineering@1.0.0` is that
release for ever, and may be cached for ever. `@latest` is the newest published one, `@draft` what authors work on.
Every body names the ladder and release it was read from. All links but `self` and `current` are pinned, so that
following them reads one release.

**Bodies.** A property that is not set is left out; an empty list is `[]`. `fields` keeps fewer properties, `expand`
puts related entities beside the answer, each once, under `included`. New properties may be added, and enums and
problem codes may grow, within `/v1`.

**Errors** are problem details (RFC 9457) with a stable `code`; each names the place and the cure.

**Caching.** Send `If-None-Match` with the `ETag` you hold; an unchanged answer is a 304.
"""
_TAGS: Final = {
    "start": "Where everything is.",
    "ladders": "A ladder is one career framework of one organisation.",
    "document": "A whole release in one body, for those who copy it.",
    "findings": "What is wrong or doubtful in a draft or a release.",
    "tracks": "A track is a path through the ladder, such as individual contributor or management.",
    "levels": "A level is a rung of a track.",
    "effective": "What is in force at a level: its own expectations, and those it takes over.",
    "progression": "What can follow a level, what has to be added for it, and how a self-rating compares.",
    "competencies": "A competency is something that is looked at, such as system design mastery.",
    "facets": "A facet is a part of a competency.",
    "expectations": "An expectation is what a level asks in a competency or facet: one cell of the matrix.",
    "matrix": "Levels side by side: what each asks in each competency and facet, in short.",
    "compare": "What one level asks that another does not: of one track, two tracks, two releases or two ladders.",
    "examples": "An example is a concrete illustration of a level, competency, facet, expectation or statement.",
    "scales": "A scale names steps of proficiency; steps may carry points.",
    "faqs": "Questions people ask about the ladder, and the answers.",
    "tips": "Advice to those who read the ladder.",
    "pages": "Longer text that fits no cell: overview, history, progression.",
    "pictures": "The same as pictures, SVG and PNG, to embed in dashboards and wikis.",
    "releases": "A release is an immutable published version of a whole ladder.",
    "diff": "What differs between two releases, or a release and the draft, and what it means for people.",
    "search": "Finding words in what the releases in force say, in one ladder or in all.",
    "reviews": "A review is a request to look at a draft before it is published.",
    "settings": "How a ladder is treated: who sees it, and whether a review must come before a publish.",
    "entities": "Every entity has a UUID that is the same in every release and under every name.",
    "audit": "Who did what, when and from where.",
    "health": "For those who run the service.",
}
_SAMPLES: Final = {**dict(reversed(STORY)), **ANSWERS, **REQUESTS}
"""The example request of each operation; of those in the story, the first."""
_HEADERS: Final = {
    "ETag": "Strong entity tag of these bytes (RFC 9110).",
    "Cache-Control": "Pinned answers are immutable; others are short-lived and may be revalidated.",
    "Link": "Related URLs (RFC 8288): `next`; on pinned answers `canonical`, `latest-version`, "
    "`version-history`, `predecessor-version` (RFC 5829).",
    "Deprecation": "On pinned answers of a release that is on its way out: since when (RFC 9745), such as "
    "`@1795348800`. `Link` then leads to the reason, as `deprecation`.",
    "Sunset": "On the same answers: from when the release is not to be relied on (RFC 8594).",
    "Location": "Path-absolute URL to go to.",
    "WWW-Authenticate": "How to authenticate (RFC 6750): the scheme, what was wrong, the scope that is missing.",
    "Retry-After": "Seconds after which trying again makes sense.",
    "X-Request-ID": "Names this request in the log; the one you sent, where you sent one.",
}

_ON_READS: Final = ("ETag", "Cache-Control", "Link", "Deprecation", "Sunset", "X-Request-ID")
_NEVER_KEPT: Final = frozenset({"health", "audit"})
"""Tags of reads that have no entity tag, for each answer is another."""
_BESIDE: Final = {
    "307": ("Location",),
    "412": ("ETag",),
    "401": ("WWW-Authenticate",),
    "403": ("WWW-Authenticate",),
    "429": ("Retry-After",),
    "503": ("Retry-After",),
}
"""Headers of refusals beside the request's id, by status."""
_BEARER: Final = {
    "type": "http",
    "scheme": "bearer",
    "description": "An API key (`ladder keys create`), or a token of the OpenID Connect issuer that the service "
    "is set up with. Reading is open unless the service says otherwise; the scopes are `read`, `write`, `review`, "
    "`publish` and `admin`.",
}


def describe(api: FastAPI, root_path: str) -> None:
    """Make `api.openapi()` give the finished document; it is built once, when first asked for.

    Whoever asks meanwhile waits: two at once would mix up what FastAPI works out of the routes.
    """
    building = Lock()

    def openapi() -> Json:
        with building:
            if api.openapi_schema is None:
                api.openapi_schema = _document(api, root_path)
            return api.openapi_schema

    api.openapi = openapi  # type: ignore[method-assign]  # FastAPI's documented way


def _document(api: FastAPI, root_path: str) -> Json:
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
    problems = recorded()["problems"]
    components["examples"] = {
        code: {"summary": body["title"], "value": body} for code, body in problems.items()
    }
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
        _finish(method, operation)
        components["responses"] |= share(operation["responses"])
    return document


def _operations(document: Json) -> Iterator[tuple[str, str, Json]]:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield path, method, operation


def _secure(path: str, operation: Json, rights: Sequence[str]) -> None:
    """Say of which rights it needs one, and how it refuses. Where reading is open, a read needs none."""
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
        _show_problems(status, response)
    if method == "post" and {} not in operation["security"]:  # one that needs no right only asks
        _finish_post(operation)
    sample = _SAMPLES.get(operation["operationId"])
    if sample is not None:
        if sample.body is not None:
            operation["requestBody"]["content"][sample.media_type]["example"] = recorded()["bodies"].get(
                operation["operationId"], sample.body
            )
        for parameter in operation.get("parameters", ()):
            given = {**sample.path, **sample.query}.get(parameter["name"])
            if given is not None:
                parameter["example"] = int(given) if parameter["name"] == "limit" else given
    for status in responses.keys() & {"200", "201"}:
        _show_answer(operation, responses[status])
    if method == "get" and "200" in responses and operation["tags"][0] not in _NEVER_KEPT:
        _finish_read(operation, responses)
    operation["responses"] = dict(sorted(responses.items()))


def _finish_read(operation: Json, responses: Json) -> None:
    responses["200"]["headers"] = _header_refs(*_ON_READS)
    responses["304"] = {
        "description": "Not modified: the caller holds this answer already.",
        "headers": _header_refs(*_ON_READS),
        SHARED: "not-modified",
    }
    operation.setdefault("parameters", []).append(
        {
            "name": "If-None-Match",
            "in": "header",
            "required": False,
            "description": "Entity tags of answers you hold, or `*`.",
            "schema": {"type": "string"},
        }
    )


def _finish_post(operation: Json) -> None:
    """Any POST that does something takes a key by which it is done once."""
    parameter = {"name": HEADER, "in": "header", "required": False, "description": DESCRIPTION}
    schema = {"type": "string", "minLength": 1, "maxLength": 255}
    operation.setdefault("parameters", []).append({**parameter, "schema": schema})


def _header_refs(*names: str) -> Json:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _show_answer(operation: Json, response: Json) -> None:
    body = recorded()["answers"].get(operation["operationId"])
    if body is not None:
        for name, media_type in response["content"].items():
            if name.endswith("json") != isinstance(body, str):
                media_type["example"] = body


def _show_problems(status: str, response: Json) -> None:
    """Show the problems of that status, its own first; where only a parameter can be wrong, that one alone."""
    own = response.get(SHARED)
    codes = sorted(
        (code for code, body in recorded()["problems"].items() if str(body["status"]) == status),
        key=lambda code: code != own,
    )
    if own == InvalidParameter.code:
        codes = [own]
    media_type = response.get("content", {}).get(MEDIA_TYPE.decode())
    if codes and media_type is not None:
        media_type["examples"] = {code: {"$ref": f"#/components/examples/{code}"} for code in codes}


def _open_objects(schema: Any) -> None:  # noqa: ANN401 - any part of a JSON document
    """Let answers grow: a client must not refuse properties that a later version adds."""
    if isinstance(schema, dict):
        if schema.get("additionalProperties") is False:
            del schema["additionalProperties"]
        for part in schema.values():
            _open_objects(part)
    elif isinstance(schema, list):
        for part in schema:
            _open_objects(part)
