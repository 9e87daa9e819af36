"""NUL, which no text in PostgreSQL can contain: no parameter passes it to the database."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

from fastapi.routing import APIRoute

from app.web import routes
from tests.api.serving import serve
from tests.databases import PostgresDatabases

ROOT: Final = Path(__file__).parents[3]
FILLED: Final = {
    "ladder": "example-engineering",
    "level": "l5",
    "competency": "system-design-mastery",
    "track": "management",
    "version": "1.0.0",
}
NAMES: Final = (
    "\0",
    "l5\0",
    "example-engineering@\0:l5",
    "/levels/\0",
    "/levels/l5?competency=\0",
    "workday:\0",
)


def parameters() -> Iterator[tuple[str, str]]:
    """The path and the name of every parameter that reads of the API and pages take in their query."""
    described = json.loads((ROOT / "openapi.json").read_text("utf-8"))
    for path, operations in described["paths"].items():
        for parameter in operations.get("get", {}).get("parameters", ()):
            if parameter.get("in") == "query":
                yield path, parameter["name"]
    routers = (vars(page).get("router") for page in vars(routes).values() if hasattr(page, "router"))
    for route in (route for router in routers if router is not None for route in router.routes):
        if isinstance(route, APIRoute):
            for query in route.dependant.query_params:
                fields = getattr(query.field_info.annotation, "model_fields", {})
                yield from ((route.path, field.alias or name) for name, field in fields.items())


def test_nul_in_any_parameter_is_a_client_error(postgresql_databases: PostgresDatabases) -> None:
    asked = tuple(parameters())
    assert {("/v1/audit", "who"), ("/ladders/{ladder}/same", "page"), ("/search", "q")} <= set(asked)
    with postgresql_databases.fresh("seeded") as url, serve(url) as api:
        admin = api.key("Root", "admin")
        for path, name in asked:
            here = re.sub(r"\{(\w+)\}", lambda match: FILLED.get(match[1], "l5"), path)
            for value in NAMES:
                query = {**({"to": "l5"} if name == "from" else {}), name: value}
                answer = api.client.get(f"{here}?{urlencode(query)}", headers=admin)
                assert answer.status_code < 500, (here, query)
