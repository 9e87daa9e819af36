"""The parts of the OpenAPI document that come from what routes declare: formats, names in parameters, links."""

from collections.abc import Sequence
from typing import Any, get_args

from fastapi import FastAPI
from fastapi.routing import APIRoute
from pydantic import BaseModel

from app.api.protocol.json_body import NAMED
from app.api.reading.bodies import EntityLinks
from app.api.reading.entity_bodies import Included
from app.api.reading.paging import sort_keys
from app.api.reading.sparse_fields import field_names
from app.rubric.related import RELATED
from app.serving.route_table import Link, RouteFacts, RouteTable

Json = dict[str, Any]


def describe_formats(operation: Json, facts: RouteFacts) -> None:
    """Say which other formats a view has. Their own URLs document them, so this one has one type of body."""
    if facts.formats:
        endings = " or ".join(f"`{ending}`" for ending in facts.formats)
        types = " or ".join(f"`Accept: {media_type}`" for media_type in facts.formats.values())
        operation["description"] += (
            f"\n\nThe whole view also comes as text: add {endings} to the path, or send {types}."
        )


def name_parameters(operation: Json, facts: RouteFacts, body: type[BaseModel] | None) -> None:
    """List the names that `fields`, `expand` and `sort` take here, and require them by a pattern."""
    known = _known_names(facts, body)
    for parameter in operation.get("parameters", ()):
        names = known.get(parameter["name"], ())
        if not names:
            continue
        one = f"({'|'.join(names)})"
        pattern = f"^-?{one}$" if parameter["name"] == "sort" else f"^{one}(,{one})*$"
        parameter["schema"] = {"type": "string", "pattern": pattern}
        parameter["description"] += f" One or more of: {', '.join(f'`{name}`' for name in names)}."


def bodies_of(api: FastAPI) -> dict[str, type[BaseModel]]:
    """Return the model of each operation's body, by the operation's name; some have none."""
    routes = (route for route in api.routes if isinstance(route, APIRoute))
    return {
        route.name: route.response_model
        for route in routes
        if isinstance(route.response_model, type) and issubclass(route.response_model, BaseModel)
    }


def add_links(schemas: Json, table: RouteTable, bodies: dict[str, type[BaseModel]]) -> None:
    """Give each kind of entity a schema of its links, with those that routes declare."""
    shared = schemas[EntityLinks.__name__]
    shared.pop("additionalProperties")
    kinds = {f"read_{kind}": table.links(kind) for kind in RELATED}
    for operation, links in kinds.items():
        if links:
            body = bodies[operation].__name__
            name = f"{body}Links"
            schemas[name] = _with_links(shared, links) | {"title": name}
            schemas[body]["properties"]["links"] = {"$ref": f"#/components/schemas/{name}"}


def add_included(schemas: Json, operation: Json, facts: RouteFacts, body: type[BaseModel] | None) -> None:
    """Give a body a schema of `included` with the collections that `expand` takes here, or no such field."""
    properties = {} if body is None else schemas[body.__name__]["properties"]
    if "included" not in properties:
        return
    if facts.kind is None or not any(one["name"] == "expand" for one in operation.get("parameters", ())):
        if operation["operationId"].startswith(("read_", "list_", "measure_")):
            del properties["included"]
        return
    name = f"{facts.kind.capitalize()}Included"
    everything = Included.model_json_schema(mode="serialization", ref_template=NAMED)
    chosen = {one: everything["properties"][one] for one in RELATED[facts.kind]}
    schemas[name] = {**everything, "title": name, "properties": chosen}
    schemas[name].pop("$defs")
    text = properties["included"]["description"]
    properties["included"] = {"$ref": NAMED.format(model=name), "description": text}


def _with_links(shared: Json, links: Sequence[tuple[str, Link]]) -> Json:
    properties = dict(shared["properties"])
    described = properties["self"]["description"]
    for _, link in links:
        text = " ".join(filter(None, (link.text, described)))
        title = link.name.replace("_", " ").title()
        properties[link.name] = {"type": "string", "title": title, "description": text}
    required = [*shared["required"], *(link.name for _, link in links if link.shown is None)]
    return {**shared, "properties": properties, "required": required}


def _known_names(facts: RouteFacts, body: type[BaseModel] | None) -> dict[str, Sequence[str]]:
    item = facts.item or (None if body is None else _item_of(body))
    found: dict[str, Sequence[str]] = {} if item is None else {"fields": field_names(item)}
    if facts.kind is not None:
        found |= {"expand": (*RELATED[facts.kind], *facts.expands), "sort": sort_keys(facts.kind)}
    return found


def _item_of(body: type[BaseModel]) -> type[BaseModel]:
    """Return the model of a list's items; of any other body the body itself."""
    items = body.model_fields.get("items")
    inner = () if items is None else get_args(items.annotation)
    return inner[0] if inner else body
