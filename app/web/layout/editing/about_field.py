"""The field for what a question, tip or text is about: the names of other entities."""

import re
from typing import Final

from app.errors import Fault, Invalid
from app.rubric.index import Index
from app.rubric.text import TARGET_PATTERN
from app.web.layout.editing.entity_names import EntityNames
from app.web.layout.editing.form_fields import Field, Plain
from app.web.translation.messages import N_

ABOUT: Final = Field(
    "about",
    N_("About"),
    N_("Readers of these parts see it. Begin to type a name, then choose it from the list."),
    "rows",
    blank=1,
    columns=(Field("name", N_("Part"), names_entity=True),),
)
_UNKNOWN: Final = N_("The draft has nothing with this name. Choose one from the list.")


def shown_names(index: Index, values: Plain) -> Plain:
    """Return the properties with names of entities in place of their addresses."""
    names = index.once(EntityNames)
    targets: list[str] = values.get("about") or []
    nodes = ((target, index.find_target(target)) for target in targets)
    rows = [{"name": target if node is None else names.of(node)} for target, node in nodes]
    return {**values, "about": rows} if rows else values


def given_targets(index: Index, values: Plain) -> Plain:
    """Return the properties with addresses of entities in place of their names. Raises Invalid with the fields."""
    targets, faults = [], []
    for number, row in enumerate(values.get("about") or []):
        name = row["name"]
        node = index.once(EntityNames).find(name)
        if node is not None:
            targets.append(node.target)
        elif re.fullmatch(TARGET_PATTERN, name):
            targets.append(name)  # an entity that is not there: a finding says so
        else:
            faults.append(Fault(_UNKNOWN, f"/about/{number}/name"))
    if faults:
        raise Invalid("The form has errors.", faults=faults)
    return {**values, "about": list(dict.fromkeys(targets)) or None}
