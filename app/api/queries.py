"""The query parameters that reads share, and what is asked of them.

Unknown parameters are refused by `extra="forbid"`; names in `fields`, `expand` and `sort` are checked here against
what the resource has, so that a typing error is told and never silently ignored.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field

from app.errors import Fault, InvalidParameter
from app.rubric.suggest import nearest

DEFAULT_LIMIT: Final = 50
MAX_LIMIT: Final = 500


class FieldsQuery(BaseModel):
    """The parameter of every read."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    fields: Annotated[
        str | None,
        Field(
            min_length=1,
            description="Optional properties to keep, separated by commas; the required ones always stay.",
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


Limit = Annotated[int, Field(ge=1, le=MAX_LIMIT, description=f"Items on a page, at most {MAX_LIMIT}.")]
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


def unknown_names(parameter: str, unknown: Iterable[str], known: Sequence[str]) -> InvalidParameter:
    """The error for names that a parameter does not know."""
    faults = [
        Fault(
            f"{_shown(name)} is not known here.{_meant(name, known)} Known: {', '.join(known)}.",
            None,
            parameter,
        )
        for name in unknown
    ]
    return InvalidParameter(f"The parameter {parameter!r} names something unknown.", faults=faults)


def wrong_value(parameter: str, detail: str) -> InvalidParameter:
    """The error for one parameter's value."""
    return InvalidParameter(f"The parameter {parameter!r} is wrong.", faults=[Fault(detail, None, parameter)])


def optional_fields(model: type[BaseModel]) -> tuple[str, ...]:
    """The properties that `fields` may choose: all that the model does not require."""
    envelope = ("included",)
    fields: Mapping[str, Any] = model.model_fields
    return tuple(name for name, field in fields.items() if not field.is_required() and name not in envelope)


def _meant(name: str, known: Sequence[str]) -> str:
    near = nearest(name, known)
    return f" Did you mean {' or '.join(near)}?" if near else ""


def _shown(name: str) -> str:
    return repr(name[:80])
