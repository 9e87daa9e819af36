"""Examples in the OpenAPI document: requests, responses and problems that were recorded from the bundled ladders."""

from collections.abc import Iterator
from typing import Any, Final

from app.api.openapi.read_examples import ANSWERS, REQUESTS, recorded
from app.api.openapi.write_examples import CREATED, IDS, STORY
from app.errors import InvalidParameter
from app.serving.answers.problems import MEDIA_TYPE

Json = dict[str, Any]

_SAMPLES: Final = {**dict(reversed(STORY)), **ANSWERS, **REQUESTS}
"""The example request of each operation. If the story has several, the first."""
_TO_SHARED: Final = "#/components/responses/"


def add_examples(document: Json) -> None:
    """Add the recorded examples to a finished document."""
    components = document["components"]
    components["examples"] = {
        code: {"summary": body["title"], "value": body} for code, body in recorded()["problems"].items()
    }
    statuses: dict[str, str] = {}
    for operation in operations_of(document):
        _add_request(operation)
        _add_answer(operation)
        for status, response in operation["responses"].items():
            if "$ref" in response:
                statuses[response["$ref"].removeprefix(_TO_SHARED)] = status
    for code, status in statuses.items():
        _add_problems(code, status, components["responses"][code])


def operations_of(document: Json) -> Iterator[Json]:
    """Yield every operation of a document."""
    for item in document["paths"].values():
        yield from item.values()


def _add_request(operation: Json) -> None:
    name = operation["operationId"]
    sample = _SAMPLES.get(name)
    if sample is None:
        return
    if sample.body is not None:
        content = operation["requestBody"]["content"][sample.media_type]
        body = recorded()["bodies"].get(name, sample.body)
        content.update(_titled(name, "body") or {"example": body})
    for parameter in operation.get("parameters", ()):
        value = {**sample.path, **sample.query}.get(parameter["name"])
        if value == CREATED:
            value = IDS["create_person" if parameter["name"] == "person" else "create_key"]
        if value is not None:
            parameter["example"] = _typed(value, parameter["schema"])


def _typed(value: str, schema: Json) -> str | int | bool:
    """Return the value of a parameter, which a URL writes as text, in the type of its schema."""
    kind = schema.get("type")
    if kind == "integer":
        return int(value)
    return value == "true" if kind == "boolean" else value


def _add_answer(operation: Json) -> None:
    body = recorded()["answers"].get(operation["operationId"])
    if body is None:
        return
    for status in operation["responses"].keys() & {"200", "201"}:
        for name, media_type in operation["responses"][status]["content"].items():
            if name.endswith("json") != isinstance(body, str):
                media_type.update(_titled(operation["operationId"], "answer") or {"example": body})


def _titled(operation: str, part: str) -> Json:
    """Return the `examples` of an operation that has several; otherwise nothing."""
    shown = {
        one["title"].lower().replace(" ", "-"): {"summary": one["title"], "value": one[part]}
        for one in recorded()["titled"].get(operation, ())
    }
    return {"examples": shown} if shown else {}


def _add_problems(own: str, status: str, response: Json) -> None:
    """Add the problems with that status, the response's own first. For a wrong parameter, add only that one."""
    media_type = response.get("content", {}).get(MEDIA_TYPE.decode())
    if media_type is None:
        return
    codes = [code for code, body in recorded()["problems"].items() if str(body["status"]) == status]
    codes = [own] if own == InvalidParameter.code else sorted(codes, key=lambda code: code != own)
    if codes:
        media_type["examples"] = {code: {"$ref": f"#/components/examples/{code}"} for code in codes}
