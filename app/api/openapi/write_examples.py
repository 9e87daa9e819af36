"""The example requests of writes, in one sequence: a ladder is written, reviewed and published.

`make openapi` sends them to a server with its own database and records the responses. A test sends them again. The
first request of each operation is its example in the documentation.
"""

from typing import Any, Final

from app.api.openapi.read_examples import Sample

KEYS: Final[dict[str, tuple[str, ...]]] = {"ada": ("admin",), "grace": ("read", "review"), "linus": ("read",)}
"""The owners of the API keys, and the scopes of each key."""

_SLUG: Final = "acme-engineering"
_LADDER: Final = {"ladder": _SLUG}
_DRAFT: Final = {"ladder": f"{_SLUG}@draft"}
DRAFT_SHA256: Final = "0" * 64
"""A placeholder for the current content hash of the draft."""

CREATED: Final = "created"
"""A placeholder in a path for the id of the person or key that was created last."""
IDS: Final = {
    "create_person": "per_7Kq2ZtR9vB",
    "create_key": "clk_4fT9sQx2Lm",
    "create_rotation": "clk_Zr8Hn3WdPk",
}
"""The ids that the examples show instead of random ones, by the operation that creates them."""

_CRAFT_AT_E2: Final[dict[str, Any]] = {
    "level": "e2",
    "competency": "craft",
    "step": "steady",
    "summary": "Delivers whole features that hold.",
    "statements": [{"text": "Plans the work of a week and keeps to it."}],
}

_TABLE: Final = """\
ladder,release,slug,track,title,other_titles,summary
acme-engineering,draft,e1,engineer,Engineer,,Learns the craft with the help of others.
acme-engineering,draft,e2,engineer,Senior,,Plans and delivers alone.
"""
"""A table of levels with a new summary for each."""


def _write(name: str, path: dict[str, str], body: Any = None, **query: str) -> tuple[str, Sample]:  # noqa: ANN401 - any JSON
    return name, Sample({**_DRAFT, **path}, query, body, who="ada")


def _patch(name: str, path: dict[str, str], body: Any) -> tuple[str, Sample]:  # noqa: ANN401 - any JSON
    return name, Sample({**_DRAFT, **path}, {}, body, "application/merge-patch+json", who="ada")


def _on_ladder(
    name: str,
    path: dict[str, str],
    body: Any = None,  # noqa: ANN401 - any JSON
    *,
    who: str = "ada",
    **query: str,
) -> tuple[str, Sample]:
    return name, Sample({**_LADDER, **path}, query, body, who=who)


_WRITTEN: Final = (
    ("create_ladder", Sample(body={"slug": _SLUG, "title": "Acme engineering", "language": "en"}, who="ada")),
    _write("replace_track", {"track": "engineer"}, {"slug": "engineer", "title": "Engineer"}),
    _write("replace_track", {"track": "manager"}, {"slug": "manager", "title": "Manager"}),
    _write(
        "replace_level",
        {"level": "e1"},
        {"slug": "e1", "track": "engineer", "code": "E1", "title": "Engineer"},
    ),
    _write(
        "replace_level", {"level": "e2"}, {"slug": "e2", "track": "engineer", "code": "E2", "title": "Senior"}
    ),
    _write(
        "replace_scale",
        {"scale": "depth"},
        {
            "slug": "depth",
            "title": "Depth",
            "steps": [{"slug": "learning", "title": "Learning"}, {"slug": "steady", "title": "Steady"}],
        },
    ),
    _write("replace_scale", {"scale": "reach"}, {"slug": "reach", "title": "Reach"}),
    _write(
        "replace_competency", {"competency": "craft"}, {"slug": "craft", "title": "Craft", "scale": "depth"}
    ),
    _write("replace_competency", {"competency": "teamwork"}, {"slug": "teamwork", "title": "Teamwork"}),
    _write(
        "replace_facet", {"facet": "testing"}, {"slug": "testing", "competency": "craft", "title": "Testing"}
    ),
    _write(
        "replace_facet", {"facet": "design"}, {"slug": "design", "competency": "craft", "title": "Design"}
    ),
    _write("replace_expectation", {"expectation": "e2--craft"}, _CRAFT_AT_E2),
    _write(
        "replace_expectation",
        {"expectation": "e1--craft"},
        {
            "level": "e1",
            "competency": "craft",
            "step": "learning",
            "summary": "Delivers small changes that hold.",
        },
    ),
    _write(
        "replace_example",
        {"example": "a-week-of-tests"},
        {
            "slug": "a-week-of-tests",
            "of": "facet:testing",
            "text": "Spent a week on the tests that failed by chance.",
        },
    ),
    _write(
        "replace_example",
        {"example": "a-clear-plan"},
        {
            "slug": "a-clear-plan",
            "of": "facet:testing",
            "text": "Wrote down beforehand what would be tested.",
        },
    ),
    _write(
        "replace_faq",
        {"faq": "how-often"},
        {
            "slug": "how-often",
            "question": "How often do we look at this?",
            "answer": "Twice a year.",
            "about": ["level:e1"],
        },
    ),
    _write(
        "replace_faq",
        {"faq": "who-decides"},
        {"slug": "who-decides", "question": "Who decides?", "answer": "A panel."},
    ),
    _write(
        "replace_tip",
        {"tip": "ask-early"},
        {"slug": "ask-early", "title": "Ask early", "text": "Ask before you are stuck."},
    ),
    _write(
        "replace_tip",
        {"tip": "write-it-down"},
        {"slug": "write-it-down", "title": "Write it down", "text": "A line a week will do."},
    ),
    _write(
        "replace_page",
        {"page": "overview"},
        {"slug": "overview", "title": "Overview", "text": "Two levels, to begin with."},
    ),
    _write(
        "replace_page",
        {"page": "history"},
        {"slug": "history", "title": "History", "text": "Written by those it is about."},
    ),
)
_MENDED: Final = (
    _patch("patch_ladder", {}, {"summary": "What we expect of engineers."}),
    _write(
        "replace_ladder",
        {},
        {"slug": _SLUG, "title": "Acme engineering", "summary": "What we expect of engineers at Acme."},
    ),
    _patch("patch_track", {"track": "engineer"}, {"summary": "For those who build."}),
    _patch("patch_level", {"level": "e1"}, {"summary": "Learns the craft beside others."}),
    _patch("patch_scale", {"scale": "depth"}, {"summary": "How deep somebody's craft is."}),
    _patch("patch_competency", {"competency": "craft"}, {"category": "Work"}),
    _patch("patch_facet", {"facet": "testing"}, {"summary": "Knows that it works, and why."}),
    _patch(
        "patch_expectation",
        {"expectation": "e2--craft"},
        {"summary": "Delivers whole features that hold for years."},
    ),
    _patch("patch_example", {"example": "a-clear-plan"}, {"title": "A clear plan"}),
    _patch("patch_faq", {"faq": "how-often"}, {"group": "Practice"}),
    _patch("patch_tip", {"tip": "ask-early"}, {"about": ["level:e1"]}),
    _patch("patch_page", {"page": "overview"}, {"about": ["track:engineer"]}),
    _patch("patch_document", {}, {"attribution": "Acme's engineers"}),
    _write("reorder_tracks", {}, {"order": ["manager", "engineer"]}),
    _write("reorder_levels", {}, {"order": ["e1", "e2"]}),
    _write("reorder_scales", {}, {"order": ["reach", "depth"]}),
    _write("reorder_competencies", {}, {"order": ["teamwork", "craft"]}),
    _write("reorder_facets", {}, {"order": ["design", "testing"]}),
    _write("reorder_expectations", {}, {"order": ["e1--craft", "e2--craft"]}),
    _write("reorder_examples", {}, {"order": ["a-clear-plan", "a-week-of-tests"]}),
    _write("reorder_faqs", {}, {"order": ["who-decides", "how-often"]}),
    _write("reorder_tips", {}, {"order": ["write-it-down", "ask-early"]}),
    _write("reorder_pages", {}, {"order": ["history", "overview"]}),
    (
        "import_file",
        Sample(
            _DRAFT,
            {"base": "draft"},
            {"file": _TABLE},
            "multipart/form-data",
            headers={"if-match": "*"},
            who="ada",
        ),
    ),
    _write("list_findings", {}),
)
_REVIEWED: Final = (
    _on_ladder("read_settings", {}),
    (
        "patch_settings",
        Sample(_LADDER, {}, {"require_review": True}, "application/merge-patch+json", who="ada"),
    ),
    _on_ladder(
        "create_review", {}, {"title": "The first two levels", "description": "Is this what we expect?"}
    ),
    _on_ladder(
        "create_comment",
        {"number": "1"},
        {"text": "Is a week of planning enough?", "target": "expectation:e2--craft"},
        who="grace",
    ),
    _on_ladder(
        "create_decision",
        {"number": "1"},
        {"decision": "approve", "text": "Clear to me.", "content_sha256": DRAFT_SHA256},
        who="grace",
    ),
    _on_ladder("read_review", {"number": "1"}),
    _on_ladder("list_review_entries", {"number": "1"}),
    _on_ladder("list_reviews", {}),
    (
        "create_release",
        Sample(
            _LADDER,
            {},
            {"version": "1.0.0", "notes": "Two levels, to begin with.", "content_sha256": DRAFT_SHA256},
            who="ada",
            title="The draft",
        ),
    ),
)
_AGAIN: Final = (
    _patch(
        "patch_expectation",
        {"expectation": "e1--craft"},
        {"step": "steady", "summary": "Delivers small changes that hold, with tests."},
    ),
    _on_ladder("create_review", {}, {"title": "Tests from the beginning"}),
    _on_ladder("create_withdrawal", {"number": "2"}),
    _on_ladder("create_review", {}, {"title": "Tests from the beginning"}),
    _on_ladder(
        "create_decision",
        {"number": "3"},
        {"decision": "approve", "content_sha256": DRAFT_SHA256},
        who="grace",
    ),
    _on_ladder("create_release", {}, {"content_sha256": DRAFT_SHA256}),
    _on_ladder("read_diff_as_markdown", {}, **{"from": "1.0.0", "to": "2.0.0"}),
    _on_ladder(
        "create_release_event",
        {"version": "1.0.0"},
        {"kind": "deprecated", "reason": "2.0.0 asks for tests at E1, too.", "successor": "2.0.0"},
    ),
)
_SUPPORT: Final = "acme-support"


def _support(summary: str) -> dict[str, Any]:
    """Return a ladder with one level, and what the level expects."""
    return {
        "slug": _SUPPORT,
        "title": "Acme support",
        "language": "en",
        "tracks": [{"slug": "agent", "title": "Agent"}],
        "levels": [{"slug": "s1", "track": "agent", "title": "Support agent"}],
        "competencies": [{"slug": "answers", "title": "Answers"}],
        "expectations": [{"level": "s1", "competency": "answers", "summary": summary}],
    }


def _on_support(name: str, body: Any, title: str | None = None) -> tuple[str, Sample]:  # noqa: ANN401 - any JSON
    slug = f"{_SUPPORT}@draft" if name == "replace_document" else _SUPPORT
    return name, Sample({"ladder": slug}, {}, body, who="ada", title=title)


_CORRECTED: Final = (
    ("create_ladder", Sample(body={"slug": _SUPPORT, "title": "Acme support", "language": "en"}, who="ada")),
    _on_support("replace_document", _support("Answers within an hour.")),
    _on_support("create_release", {"content_sha256": DRAFT_SHA256}),
    _on_support("replace_document", _support("Answers within ten minutes.")),
    _on_support("create_release", {"content_sha256": DRAFT_SHA256, "effective_from": "2027-01-01"}),
    _on_support(
        "create_release",
        {
            "corrects": "1.0.0",
            "version": "1.0.1",
            "because": "The hour was a mistake. Nobody has been assessed by it.",
            "document": _support("Answers within a day."),
        },
        "A correction",
    ),
)
"""A release in force that is corrected while the next one is scheduled."""
_REMOVED: Final = (
    _write("remove_example", {"example": "a-clear-plan"}),
    _write("remove_faq", {"faq": "who-decides"}, reason="There is no panel any more."),
    _write("remove_tip", {"tip": "ask-early"}),
    _write("remove_page", {"page": "history"}),
    _write("remove_expectation", {"expectation": "e2--craft"}),
    _write("remove_facet", {"facet": "design"}, cascade="true"),
    _write("remove_competency", {"competency": "teamwork"}, cascade="true"),
    _write("remove_scale", {"scale": "reach"}),
    _write(
        "remove_level",
        {"level": "e2"},
        reason="One level will do for now.",
        successor="level:e1",
        cascade="true",
    ),
    _write("remove_track", {"track": "manager"}, cascade="true"),
    _write("replace_document", {}, {"slug": _SLUG, "title": "Acme engineering"}),
    _write("discard_draft", {}),
    ("list_audit", Sample(query={"ladder": _SLUG, "limit": "3"}, who="ada")),
)

_ON_ACME: Final = [{"ladder": _SLUG, "rights": ["write", "review"]}]
_ACCESS: Final = (
    (
        "create_person",
        Sample(
            body={
                "issuer": "https://login.example.org",
                "email": "grace@example.org",
                "name": "Grace Hopper",
                "grants": _ON_ACME,
            },
            who="ada",
        ),
    ),
    ("list_people", Sample(who="ada")),
    ("read_person", Sample({"person": CREATED}, who="ada")),
    (
        "patch_person",
        Sample(
            {"person": CREATED},
            {},
            {"grants": [*_ON_ACME, {"rights": ["read"]}]},
            "application/merge-patch+json",
            who="ada",
        ),
    ),
    ("remove_person", Sample({"person": CREATED}, who="ada")),
    (
        "create_key",
        Sample(
            body={
                "owner": "Nightly export",
                "scopes": ["read"],
                "ladders": [_SLUG],
                "expires_at": "2027-11-22",
            },
            who="ada",
        ),
    ),
    ("list_keys", Sample(query={"limit": "2"}, who="ada")),
    ("read_key", Sample({"key": CREATED}, who="ada")),
    ("create_rotation", Sample({"key": CREATED}, {}, {"grace_until": "2026-11-23T12:00:00Z"}, who="ada")),
    ("create_revocation", Sample({"key": CREATED}, who="ada")),
)
_AT_LAST: Final = (
    (
        "patch_settings",
        Sample(_LADDER, {}, {"require_review": False}, "application/merge-patch+json", who="ada"),
    ),
    _write("remove_level", {"level": "e2"}, cascade="true"),
)
"""The state that the errors need: a draft that removes a level, so that its number cannot be a patch."""

STORY: Final[tuple[tuple[str, Sample], ...]] = (
    *_WRITTEN,
    *_MENDED,
    *_REVIEWED,
    *_AGAIN,
    *_CORRECTED,
    *_REMOVED,
    *_ACCESS,
    *_AT_LAST,
)
"""Each request with its operation. A change of an existing entity sends the entity tag of its last read."""

_LEVEL: Final = {"slug": "e9", "track": "engineer", "title": "Principal"}

REFUSALS: Final[dict[str, tuple[str, Sample]]] = {
    "unauthenticated": _on_ladder("create_review", {}, {"title": "Mine"}, who=""),
    "forbidden": _on_ladder("create_review", {}, {"title": "Mine"}, who="linus"),
    "conflict": ("create_ladder", Sample(body={"slug": _SLUG, "title": "Acme again"}, who="ada")),
    "precondition-required": (
        "replace_level",
        Sample({**_DRAFT, "level": "e1"}, {}, _LEVEL, headers={"if-match": ""}, who="ada"),
    ),
    "precondition-failed": (
        "replace_level",
        Sample({**_DRAFT, "level": "e1"}, {}, _LEVEL, headers={"if-match": '"of-yesterday"'}, who="ada"),
    ),
    "unsupported-media-type": (
        "replace_level",
        Sample({**_DRAFT, "level": "e1"}, {}, "title: Engineer", "text/plain", who="ada"),
    ),
    "invalid": _on_ladder("create_review", {}, {"title": ""}),
    "bump-too-low": _on_ladder("create_release", {}, {"bump": "patch", "content_sha256": DRAFT_SHA256}),
    "invalid-ladder": _write("replace_level", {"level": "e1"}, {"slug": "e1", "track": "engineer"}),
    "too-large": (
        "replace_document",
        Sample(_DRAFT, {}, "x", headers={"content-length": "30000000"}, who="ada"),
    ),
    "uri-too-long": (
        "remove_level",
        Sample({**_DRAFT, "level": "e1"}, {"reason": "Merged. " * 1_100}, who="ada"),
    ),
}
"""An example request, with its operation, for each problem that only a write can cause. These are sent last."""
