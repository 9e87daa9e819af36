"""Query parameters of pages: unknown ones are ignored, and a form field left empty counts as not given."""

from collections import Counter
from typing import ClassVar, Final
from urllib.parse import parse_qsl, urlencode

from fastapi import Request
from pydantic import BaseModel, BeforeValidator, ConfigDict

from app.api.protocol.parameters import known_parameters
from app.errors import Fault, InvalidParameter


def _unset(value: object) -> object:
    return value or None


EMPTY_IS_UNSET: Final = BeforeValidator(_unset)
"""Marks a query field that is unset if it is left empty."""


class PageQuery(BaseModel):
    """Base of the query models of pages. Newsletters and chats append parameters, so unknown ones are ignored."""

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="ignore", frozen=True)


def known_query(request: Request) -> str:
    """Return the query string of a page without the parameters that it does not know."""
    known = known_parameters(request)
    pairs = parse_qsl(request.scope["query_string"].decode("ascii"), keep_blank_values=True)
    return urlencode([(name, value) for name, value in pairs if name in known])


async def refuse_repeated(request: Request) -> None:
    """Raise InvalidParameter if a parameter that the page knows is given more than once."""
    known = known_parameters(request)
    given = Counter(name for name, _ in request.query_params.multi_items() if name in known)
    faults = [
        Fault("This parameter is given more than once. Write it once.", None, name)
        for name, times in given.items()
        if times > 1
    ]
    if faults:
        raise InvalidParameter("A parameter is given more than once.", faults=faults)
