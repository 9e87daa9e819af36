"""The query parameters that reads share, and what is asked of them.

Unknown parameters are refused by `extra="forbid"`; names in `fields`, `expand` and `sort` are checked here against
what the resource has, so that a typing error is told and never silently ignored.
"""

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Annotated, Any, Final

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from app.errors import MOST_FAULTS, Fault, InvalidParameter
from app.rubric.suggest import nearest

DEFAULT_LIMIT: Final = 50
MAX_LIMIT: Final = 500
_ENVELOPE: Final = frozenset({"ladder", "release", "links", "included"})
"""What a body holds around the entity it is about."""


class FieldsQuery(BaseModel):
    """The parameter of every read."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    fields: Annotated[
        str | None,
        Field(
            min_length=1,
            description="Properties to keep, separated by commas; the required ones always stay.",
        ),
    ] = None


class ReadQuery(FieldsQuery):
    """Parameters of a read of one entity."""

    expand: Annotated[
        str | None,
        Field(
            min_length=1,
            description="Related collections to put into `included`, separated by commas.",
        ),
    ] = None


def _plain_number(text: object) -> object:
    """Only digits are a number in a URL: `1_0`, `1.0`, `01` and ` 1` would be further names of the same page."""
    if isinstance(text, str) and not (text.isascii() and text.isdigit() and text[0] != "0"):
        raise PydanticCustomError("plain_number", f"Write a whole number from 1 to {MAX_LIMIT} in digits")
    return text


Limit = Annotated[
    int,
    Field(ge=1, le=MAX_LIMIT, description=f"Items on a page, at most {MAX_LIMIT}."),
    BeforeValidator(_plain_number),
]
Cursor = Annotated[
    str | None, Field(min_length=1, max_length=512, description="Where to go on: from the `next` link.")
]


class PageQuery(FieldsQuery):
    """Parameters of a list that is not of one release."""

    limit: Limit = DEFAULT_LIMIT
    cursor: Cursor = None


class ListQuery(ReadQuery):
    """Parameters of a list of one release."""

    limit: Limit = DEFAULT_LIMIT
    cursor: Cursor = None
    sort: Annotated[
        str | None,
        Field(
            min_length=1, description="Property to sort by, `-` before it for descending; default: position."
        ),
    ] = None

    def filters(self) -> dict[str, Any]:
        """The filters that were given, by name."""
        shared = ListQuery.model_fields
        pairs = ((name, getattr(self, name)) for name in type(self).model_fields if name not in shared)
        return {name: value for name, value in pairs if value is not None}


def names(parameter: str, text: str | None, known: Sequence[str]) -> tuple[str, ...]:
    """Split a list of names. Raises InvalidParameter for one that is not among `known`."""
    if text is None:
        return ()
    given = tuple(dict.fromkeys(part.strip() for part in text.split(",")))
    unknown = [name for name in given if name not in known]
    if unknown:
        raise unknown_names(parameter, unknown, known)
    return given


def known_name(parameter: str, name: str, known: Sequence[str]) -> str:
    """The one name that a parameter gives. Raises InvalidParameter where it is not among `known`."""
    if name not in known:
        raise unknown_names(parameter, [name], known)
    return name


def unknown_names(parameter: str, unknown: Iterable[str], known: Sequence[str]) -> InvalidParameter:
    """The error for names that a parameter does not know."""
    faults = [
        Fault(
            f"{_shown(name)} is not known here.{meant(name, known)} Known: {', '.join(known)}.",
            None,
            parameter,
        )
        for name in islice(unknown, MOST_FAULTS)
    ]
    return InvalidParameter(f"The parameter {parameter!r} names something unknown.", faults=faults)


def wrong_value(parameter: str, detail: str) -> InvalidParameter:
    """The error for one parameter's value."""
    return InvalidParameter(f"The parameter {parameter!r} is wrong.", faults=[Fault(detail, None, parameter)])


def field_names(model: type[BaseModel]) -> tuple[str, ...]:
    """The properties that `fields` may name: all but the envelope. Naming a required one changes nothing."""
    return tuple(name for name in model.model_fields if name not in _ENVELOPE)


def meant(name: str, known: Sequence[str]) -> str:
    """A sentence that proposes near names, with a space before it; empty where none is near."""
    near = nearest(name, known)
    return f" Did you mean {' or '.join(near)}?" if near else ""


def _shown(name: str) -> str:
    return repr(name[:80])
