"""The schemas of bodies that operations only name, put in once somebody asks for the OpenAPI document."""

from typing import Any, Final

from fastapi.encoders import jsonable_encoder

from app.api.ladder_settings import SettingsPatch
from app.api.publishing import NewEvent, NewReleaseBody
from app.api.ratings import SelfRating
from app.api.review_bodies import NewComment, NewDecision, NewReview
from app.api.sent import NAMED
from app.api.writing import Order

_SENT: Final = {
    NAMED.format(model=model.__name__): model
    for model in (
        NewComment,
        NewDecision,
        NewEvent,
        NewReleaseBody,
        NewReview,
        Order,
        SelfRating,
        SettingsPatch,
    )
}
"""The bodies that `sent.named` names."""


def put_in(operation: dict[str, Any]) -> dict[str, Any]:
    """Put the schema of its body into an operation that names it; gives the schemas of the body's parts, by name."""
    parts: dict[str, Any] = {}
    body = operation.get("requestBody", {"content": {}})
    for content in body["content"].values():
        model = _SENT.get(content["schema"].get("$ref", ""))
        if model is not None:
            # Defaults that are null are left out, as FastAPI does everywhere else.
            schema = jsonable_encoder(model.model_json_schema(ref_template=NAMED), exclude_none=True)
            if schema["description"] == body["description"]:
                del schema["description"]
            parts |= schema.pop("$defs", {})
            content["schema"] = schema
    return parts
