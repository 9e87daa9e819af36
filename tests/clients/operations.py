"""The reads that everybody may make and that answer JSON, each with the example request of the OpenAPI document."""

from dataclasses import dataclass
from typing import Any

from app.main import create_api
from app.settings import Settings


@dataclass(frozen=True)
class Read:
    """One read, as a client makes it."""

    operation: str
    tag: str
    path: str
    values: dict[str, Any]
    """Of the parameters in the path."""
    query: dict[str, Any]


def reads() -> list[Read]:
    """Return every read of the document that answers JSON and needs no right."""
    document = create_api(Settings()).openapi()
    found = [
        _read(path, item["get"])
        for path, item in document["paths"].items()
        if "get" in item and _is_open(item["get"]) and _answers_json(item["get"])
    ]
    return [read for read in found if not read.values.get("ladder", "").endswith("@draft")]


def _is_open(operation: dict[str, Any]) -> bool:
    return not operation["security"] or {} in operation["security"]


def _answers_json(operation: dict[str, Any]) -> bool:
    content = operation["responses"].get("200", {}).get("content", {})
    return any(name.endswith("json") for name in content)


def _read(path: str, operation: dict[str, Any]) -> Read:
    shown = {
        place: {
            one["name"]: one["example"]
            for one in operation.get("parameters", ())
            if one["in"] == place and "example" in one
        }
        for place in ("path", "query")
    }
    return Read(operation["operationId"], operation["tags"][0], path, shown["path"], shown["query"])
