"""The check of every query: no parameter twice, and none that is unknown."""

from collections import Counter
from itertools import islice

from fastapi import Request

from app.errors import MOST_FAULTS, Fault, InvalidParameter


def known_parameters(request: Request) -> list[str]:
    """Return the query parameters of the matched route, in order of name."""
    dependant = getattr(request.scope.get("route"), "dependant", None)
    if dependant is None:
        return []
    models = (parameter.field_info.annotation for parameter in dependant.query_params)
    fields = (pair for model in models for pair in getattr(model, "model_fields", {}).items())
    return sorted(field.alias or name for name, field in fields)


async def refuse_surprises(request: Request) -> None:
    """Refuse a parameter that is given twice, and any parameter if the route takes none.

    Raises InvalidParameter. A route with a query model refuses unknown parameters itself.
    """
    given = Counter(name for name, _ in request.query_params.multi_items())
    faults = [
        Fault("This parameter is given more than once. Give it once.", None, name[:80])
        for name, times in islice(given.items(), MOST_FAULTS)
        if times > 1
    ]
    if not known_parameters(request):
        faults += [
            Fault("This parameter is unknown. This resource takes no parameters.", None, name[:80])
            for name in islice(given, MOST_FAULTS)
        ]
    if faults:
        raise InvalidParameter("A parameter is unknown or given twice.", faults=faults)
