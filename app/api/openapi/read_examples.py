"""The example requests of reads in the OpenAPI document, one per operation and one per problem.

Their responses come from the bundled ladders. `make openapi` records them in `examples.json`, and a test sends the
requests again, so every example in the documentation is a real response.
"""

import json
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

_NETFLIX: Final = {"ladder": "netflix-engineering"}
_EXAMPLE: Final = {"ladder": "example-engineering@1.1.0"}
_RECORDED: Final = Path(__file__).with_name("examples.json")


@dataclass(frozen=True, slots=True)
class Sample:
    """One request: path parameters, query parameters, and a body if it has one."""

    path: dict[str, str] = field(default_factory=dict)
    query: dict[str, str] = field(default_factory=dict)
    body: Any = None
    """The body as a JSON value; None if there is none."""
    media_type: str = "application/json"
    """The media type of the body. In a form, each field is a text, and `file` is sent as `levels.csv`."""
    headers: dict[str, str] = field(default_factory=dict)
    who: str | None = None
    """The owner of the API key to send, from `write_examples.KEYS`; None for no key."""
    title: str | None = None
    """The title of the example, for an operation that has several; None for an operation that has one."""


_SELF_RATING: Final = {
    "ratings": [
        {"competency": "mentorship-role", "step": "leading"},
        {"competency": "significant-team-impact", "step": "leading"},
        {"competency": "technical-leadership", "step": "practising"},
        {"facet": "career-development-and-growth", "step": "working"},
    ]
}

ANSWERS: Final[dict[str, Sample]] = {
    "read_root": Sample(),
    "read_api_catalog": Sample(),
    "list_ladders": Sample(),
    "read_ladder": Sample(_NETFLIX),
    "read_document": Sample(_NETFLIX, {"fields": "tracks,levels,tips"}),
    "list_tracks": Sample(_EXAMPLE, {"fields": "summary,group"}),
    "read_track": Sample({**_EXAMPLE, "track": "individual-contributor"}),
    "list_levels": Sample(_EXAMPLE, {"track": "management", "fields": "code,rank,summary"}),
    "read_level": Sample({**_NETFLIX, "level": "l5"}),
    "read_effective": Sample(
        {**_EXAMPLE, "level": "l5"}, {"competency": "system-design-mastery", "limit": "1"}
    ),
    "read_next": Sample(
        {**_EXAMPLE, "level": "l4"}, {"competency": "system-design-mastery", "how": "promotion"}
    ),
    "measure_gap": Sample({**_EXAMPLE, "level": "m3"}, body=_SELF_RATING),
    "list_competencies": Sample(_NETFLIX, {"limit": "2"}),
    "read_competency": Sample({**_NETFLIX, "competency": "system-design-mastery"}, {"expand": "facets"}),
    "list_facets": Sample(_NETFLIX, {"competency": "system-design-mastery", "limit": "2"}),
    "read_facet": Sample({**_NETFLIX, "facet": "scalability-expertise"}),
    "list_expectations": Sample(
        _NETFLIX, {"level": "l5", "competency": "system-design-mastery", "limit": "2"}
    ),
    "read_expectation": Sample({**_EXAMPLE, "expectation": "l5--system-design-mastery"}),
    "read_matrix": Sample(
        _EXAMPLE,
        {"competency": "system-design-mastery", "rows": "facets", "track": "management", "limit": "2"},
    ),
    "read_comparison": Sample(
        {"ladder": "example-engineering@1.1.0"}, {"from": "l4", "to": "l5", "change": "raised", "limit": "2"}
    ),
    "list_examples": Sample(_NETFLIX, {"level": "l5", "limit": "2"}),
    "read_example": Sample({**_NETFLIX, "example": "l5-video-encoding-service"}),
    "list_scales": Sample(_EXAMPLE),
    "read_scale": Sample({**_EXAMPLE, "scale": "proficiency"}),
    "list_faqs": Sample(_NETFLIX, {"about": "level:l5", "limit": "2"}),
    "read_faq": Sample({**_NETFLIX, "faq": "management-duties"}),
    "list_tips": Sample(_NETFLIX, {"limit": "2"}),
    "read_tip": Sample({**_NETFLIX, "tip": "learn-system-design"}),
    "list_pages": Sample(_NETFLIX, {"limit": "1"}),
    "read_page": Sample({**_NETFLIX, "page": "overview"}),
    "list_releases": Sample({"ladder": "example-engineering"}),
    "read_release": Sample({"ladder": "example-engineering", "version": "1.0.0"}),
    "list_changes": Sample(
        {"ladder": "example-engineering"}, {"from": "1.0.0", "to": "1.1.0", "impact": "asks-less"}
    ),
    "draw_level_radar": Sample({**_EXAMPLE, "level": "l5"}, {"with": "l6"}),
    "list_export_profiles": Sample(),
    "search_ladder": Sample(_NETFLIX, {"q": 'scal* "system design"', "limit": "2"}),
    "search_ladders": Sample({}, {"q": "incidents", "kind": "expectation", "limit": "2"}),
    "draw_releases": Sample({"ladder": "example-engineering"}),
    "check_liveness": Sample(),
    "check_readiness": Sample(),
}
"""An example request for each operation whose response is shown."""

REQUESTS: Final[dict[str, Sample]] = {
    "read_next_as_markdown": Sample({**_EXAMPLE, "level": "l4"}),
    "read_next_as_table": Sample({**_EXAMPLE, "level": "l4"}),
    "measure_gap_as_markdown": Sample({**_EXAMPLE, "level": "m3"}, body=_SELF_RATING),
    "measure_gap_as_table": Sample({**_EXAMPLE, "level": "m3"}, body=_SELF_RATING),
    "read_effective_as_markdown": Sample({**_EXAMPLE, "level": "l5"}),
    "read_effective_as_table": Sample({**_EXAMPLE, "level": "l5"}),
    "read_matrix_as_markdown": Sample(_EXAMPLE, {"rows": "facets"}),
    "read_matrix_as_table": Sample(_EXAMPLE, {"track": "management"}),
    "read_comparison_as_markdown": Sample(
        _EXAMPLE, {"from": "individual-contributor/5", "to": "management/5"}
    ),
    "read_comparison_as_table": Sample(_EXAMPLE, {"from": "example-engineering@1.0.0:l5", "to": "l5"}),
    "read_statements_as_csv": Sample(_EXAMPLE, {"level": "l5"}),
    "read_statements_as_json": Sample(_EXAMPLE, {"level": "l5"}),
    "read_levels_as_csv": Sample(_EXAMPLE, {"track": "management"}),
    "read_levels_as_json": Sample(_EXAMPLE, {"track": "management"}),
    "read_competencies_as_csv": Sample(_EXAMPLE),
    "read_competencies_as_json": Sample(_EXAMPLE),
    "read_faqs_as_csv": Sample(_NETFLIX, {"level": "l5"}),
    "read_faqs_as_json": Sample(_NETFLIX, {"level": "l5"}),
    "read_expectations_as_csv": Sample(_EXAMPLE, {"level": "l5"}),
    "read_expectations_as_json": Sample(_EXAMPLE, {"level": "l5"}),
    "read_ladder_schema": Sample(),
    "read_workbook": Sample(_EXAMPLE),
    "read_export": Sample({**_EXAMPLE, "profile": "15five-competencies"}),
    "read_release_content": Sample({"ladder": "example-engineering", "version": "1.0.0"}),
    "draw_level_radar_as_png": Sample({**_EXAMPLE, "level": "l5"}, {"with": "l6"}),
    "draw_matrix": Sample(_EXAMPLE, {"track": "management"}),
    "draw_matrix_as_png": Sample(_EXAMPLE, {"track": "management"}),
    "draw_ladder_map": Sample(_EXAMPLE),
    "draw_ladder_map_as_png": Sample(_EXAMPLE),
    "draw_releases_as_png": Sample({"ladder": "example-engineering"}),
    "find_entity_by_uuid": Sample({"uuid": "4d7c3231-fe51-56b6-a15d-6a2602ac755d"}),
}
"""An example request for each operation whose response is too long to show, is not text, or has no body."""

PROBLEMS: Final[dict[str, str]] = {
    "renamed": "GET /v1/ladders/example-engineering@1.1.0/tips/keep-a-work-log",
    "gone": "GET /v1/ladders/example-engineering@1.1.0/faqs/degree-required",
    "not-found": "GET /v1/ladders/netflix-engineering/levels/l55",
    "method-not-allowed": "DELETE /v1/ladders/netflix-engineering/levels/l5",
    "not-acceptable": "GET /v1/ladders/netflix-engineering/levels/l5 Accept: text/csv",
    "invalid-parameter": "GET /v1/ladders/netflix-engineering/facets?limt=5",
    "malformed-request": "GET /v1/ladders/netflix-engineering/facets?competency=%FF",
    "nothing-in-force": "GET /v1/ladders/netflix-engineering",
    "unavailable": "GET /v1/ladders/netflix-engineering",
    "too-many-requests": "GET /v1/ladders Authorization: Bearer of-nobody",
}
"""An example request for each problem that a read can cause. The last three need a date before the first release, a
database that is down, and a limit that is reached."""


@cache
def recorded() -> dict[str, dict[str, Any]]:
    """Return the recorded examples: `answers` and request `bodies` by operation, `problems` by code.

    `titled` has the examples of the operations that have several, by operation: each has `title`, `body` and
    `answer`.
    """
    if not _RECORDED.exists():
        return {"answers": {}, "bodies": {}, "problems": {}, "titled": {}}
    found: dict[str, dict[str, Any]] = json.loads(_RECORDED.read_text("utf-8"))
    return found
