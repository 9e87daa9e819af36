"""A check that schemathesis lacks: a request of the right form may name something that does not exist.

Schemathesis loads it (`SCHEMATHESIS_HOOKS`) in addition to its own checks.
"""

from typing import Any, Final

import schemathesis
from schemathesis.generation import GenerationMode

MEANING: Final = frozenset(
    {"cursor", "column_cursor", "track", "level", "competency", "category", "facet", "scale", "about", "uuid"}
    | {"from", "to", "with", "ladder", "group", "as_of", "since", "until"}
)
"""Parameters whose values must be known here: a cursor that a list gave out, the slug of an entity of the release,
the levels that a view compares, a ladder, a day that the calendar has.

No schema can say that, so the check `positive_data_acceptance` is replaced by the one below. `uuid` is among them for
one request: schemathesis takes the URI template of the root for a link, and asks for the entity called `{uuid}`.
"""


@schemathesis.check
def only_meaning_is_refused(
    _context: schemathesis.CheckContext, response: schemathesis.Response, case: "schemathesis.Case[Any]"
) -> None:
    """A read that fits the schema is refused only for what its values mean; a write may be for much else."""
    if case.method != "GET":
        return
    positive = case.meta is not None and case.meta.generation.mode is GenerationMode.POSITIVE
    if positive and response.status_code in (400, 422):
        faults = response.json().get("errors", [{}])
        named = {fault.get("parameter") for fault in faults}
        assert named <= MEANING, f"refused although it fits the schema: {named - MEANING}"
