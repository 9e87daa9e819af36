"""The OpenAPI document that the server returns: the packaged `openapi.json` with its examples.

Generating the document takes about a second. The packaged one is read in a few milliseconds, so that the first
request is as fast as the second. A test compares the two.
"""

import json
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute

from app.api.openapi.show_examples import add_examples, operations_of
from app.packaged_files import file

Json = dict[str, Any]


def packaged_document(api: FastAPI, base_url: str) -> Json | None:
    """Return the packaged document for a service at this URL; None if the application has other operations."""
    document: Json = json.loads(file("openapi.json").read_text("utf-8"))
    described = {operation["operationId"] for operation in operations_of(document)}
    routes = (route for route in api.routes if isinstance(route, APIRoute) and route.include_in_schema)
    if described != {route.name for route in routes}:
        return None
    document["servers"] = [{"url": base_url or "/"}]
    add_examples(document)
    return document
