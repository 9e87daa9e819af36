"""Query parameters shared by reads, and their checks.

Unknown parameters are rejected (`extra="forbid"`). Names in `fields`, `expand` and `sort` are checked against the
resource, so that a typo is an error and never ignored.
"""

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Annotated, Any, Final

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from app.errors import MOST_FAULTS, Fault, InvalidParameter
from app.rubric.suggest import did_you_mean

DEFAULT_LIMIT: Final = 50
MAX_LIMIT: Final = 500


class FieldsQuery(BaseModel):
    """Query parameter of every read."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    fields: Annotated[
        str | None,
        Field(
            min_length=1,
            description="Fields to return, separated by commas. Required fields are always returned.",
        ),
    ] = None


class ReadQuery(FieldsQuery):
    """Query parameters of a read of one entity."""

    expand: Annotated[
        str | None,
        Field(
            min_length=1,
            description="Related collections to return in `included`, separated by commas.",
        ),
    ] = None


def _plain_number(text: object) -> object:
    """Accept only plain digits: `1_0`, `1.0`, `01` and ` 1` would be other URLs of the same page."""
    if isinstance(text, str) and not (text.isascii() and text.isdigit() and text[0] != "0"):
        raise PydanticCustomError("plain_number", f"Use a whole number from 1 to {MAX_LIMIT}")
    return text


Limit = Annotated[
    int,
    Field(ge=1, le=MAX_LIMIT, description=f"Items per page, at most {MAX_LIMIT}."),
    BeforeValidator(_plain_number),
]
Cursor = Annotated[
    str | None,
    Field(min_length=1, max_length=512, description="Cursor of the next page, from the `next` link."),
]


def _true_or_false(text: object) -> object:
    """Accept only `true` and `false`: `1` and `yes` would be other URLs of the same resource."""
    if text not in {"true", "false"}:
        raise PydanticCustomError("true_or_false", "Use `true` or `false`")
    return text


Flag = Annotated[bool, BeforeValidator(_true_or_false)]
"""A query parameter that is `true` or `false`."""


class PageQuery(FieldsQuery):
    """Query parameters of a list that spans releases."""

    limit: Limit = DEFAULT_LIMIT
    cursor: Cursor = None


class ListQuery(ReadQuery):
    """Query parameters of a list in a release."""

    limit: Limit = DEFAULT_LIMIT
    cursor: Cursor = None
    sort: Annotated[
        str | None,
        Field(
            min_length=1,
            description="Field to sort by. Put `-` in front for descending order. Default: `position`.",
        ),
    ] = None

    def filters(self) -> dict[str, Any]:
        """Return the filters of the request, by name."""
        shared = ListQuery.model_fields
        pairs = ((name, getattr(self, name)) for name in type(self).model_fields if name not in shared)
        return {name: value for name, value in pairs if value is not None}


def names(parameter: str, text: str | None, known: Sequence[str]) -> tuple[str, ...]:
    """Split a list of names. Raises InvalidParameter for a name that is not in `known`."""
    if text is None:
        return ()
    given = tuple(dict.fromkeys(part.strip() for part in text.split(",")))
    unknown = [name for name in given if name not in known]
    if unknown:
        raise unknown_names(parameter, unknown, known)
    return given


def known_name(parameter: str, name: str, known: Sequence[str]) -> str:
    """Return the name in a parameter. Raises InvalidParameter if it is not in `known`."""
    if name not in known:
        raise unknown_names(parameter, [name], known)
    return name


def unknown_names(parameter: str, unknown: Iterable[str], known: Sequence[str]) -> InvalidParameter:
    """Return the error for unknown names in a parameter."""
    faults = [
        Fault(
            f"Unknown name {_shown(name)}.{did_you_mean(name, known, quoted=False)} Known names: {', '.join(known)}.",
            None,
            parameter,
        )
        for name in islice(unknown, MOST_FAULTS)
    ]
    return InvalidParameter(f"The query parameter {parameter!r} has an unknown name.", faults=faults)


def wrong_value(parameter: str, detail: str) -> InvalidParameter:
    """Return the error for the value of a parameter."""
    return InvalidParameter(
        f"The query parameter {parameter!r} is invalid.", faults=[Fault(detail, None, parameter)]
    )


def _shown(name: str) -> str:
    return repr(name[:80])
