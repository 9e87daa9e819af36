"""The words for fields of entities on pages."""

from collections.abc import Mapping
from typing import Final

from app.web.translation.messages import N_

FIELD_WORDS: Final[Mapping[str, str]] = {
    "about": N_("About"),
    "alignments": N_("Alignments"),
    "answer": N_("Answer"),
    "applicability": N_("Required or optional"),
    "attributes": N_("Attribute"),
    "attribution": N_("Attribution"),
    "categories": N_("Categories"),
    "category": N_("Category"),
    "code": N_("Code"),
    "competency": N_("Competency"),
    "counts_as": N_("Counts as"),
    "cumulative": N_("Cumulative"),
    "description": N_("Description"),
    "examples": N_("Example"),
    "extending": N_("Extending"),
    "extends": N_("Extends"),
    "external_ids": N_("External ids"),
    "facet": N_("Facet"),
    "formerly": N_("Former name"),
    "group": N_("Group"),
    "groups": N_("Groups"),
    "kind": N_("Kind"),
    "language": N_("Language"),
    "level": N_("Level"),
    "licence": N_("Licence"),
    "note": N_("Note"),
    "ordered": N_("In order"),
    "organisation": N_("Organisation"),
    "other_titles": N_("Other titles"),
    "points": N_("Points"),
    "points_from": N_("Points from"),
    "points_to": N_("Points to"),
    "question": N_("Question"),
    "rank": N_("Rank"),
    "reason": N_("Reason"),
    "references": N_("References"),
    "removals": N_("Removed entity"),
    "scale": N_("Scale"),
    "scope": N_("Scope"),
    "slug": N_("Name in URLs"),
    "sources": N_("Sources"),
    "statement_kinds": N_("Statement kinds"),
    "statements": N_("Statement"),
    "step": N_("Step"),
    "steps": N_("Steps"),
    "successor": N_("Successor"),
    "successors": N_("Successors"),
    "summary": N_("Summary"),
    "text": N_("Text"),
    "thresholds": N_("Threshold"),
    "title": N_("Title"),
    "track": N_("Track"),
    "translations": N_("Translation"),
    "url": N_("URL"),
    "years_from": N_("Years from"),
    "years_to": N_("Years to"),
}
"""The word for a field."""


def field_word(name: str) -> str:
    """Return the word for a field. One that pages do not know has its own name, with spaces."""
    return FIELD_WORDS.get(name, name.replace("_", " ").capitalize())
