"""The columns of the flat tables. Later versions only add columns, at the end.

`docs/reference/tables.md` lists the same columns in the same order, and a test compares the two.
"""

from typing import Final

COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "statements": (
        *("ladder", "release", "track", "track_title", "level", "level_code", "level_rank", "level_title"),
        *("category", "competency", "competency_title", "facet", "facet_title", "applicability"),
        *("step", "step_title", "step_points", "kind", "counts_as", "origin", "position", "text", "examples"),
        *("uuid", "level_external_id", "competency_external_id", "url"),
    ),
    "levels": (
        *("ladder", "release", "slug", "uuid", "external_id", "track", "track_title", "track_group", "code"),
        *("rank", "title", "other_titles", "summary", "scope", "years_from", "years_to", "attributes"),
        *("examples", "url"),
    ),
    "competencies": (
        *("ladder", "release", "slug", "uuid", "external_id", "category", "competency", "competency_title"),
        *("facet", "facet_title", "summary", "description", "scale", "scale_title", "step", "step_title"),
        *("step_points", "step_summary", "proficiency_summary", "statements", "examples", "url"),
    ),
    "faqs": (
        *("ladder", "release", "slug", "uuid", "external_id", "group", "question", "answer", "about", "url"),
    ),
    "expectations": (
        *("ladder", "release", "slug", "uuid", "external_id", "track", "track_title", "level", "level_code"),
        *("level_rank", "level_title", "category", "competency", "competency_title", "facet", "facet_title"),
        *("applicability", "extending", "step", "step_title", "step_points", "summary", "statement_count"),
        *("statements", "example_count", "examples", "level_external_id", "competency_external_id", "url"),
    ),
}
"""The names of the columns of each table, in order."""

NUMBERS: Final = frozenset(
    {
        *("level_rank", "rank", "step_points", "position", "years_from", "years_to"),
        *("statement_count", "example_count"),
    }
)
"""The columns that hold numbers. All others hold text."""
