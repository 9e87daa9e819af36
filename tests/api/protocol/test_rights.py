"""Rights: every operation of the OpenAPI document, requested by every kind of caller."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any, Final

import pytest

from app.main import create_api
from app.settings import Settings
from app.store.access.keys import create_key, revoke_key
from app.store.access.rights import RIGHTS
from app.store.engine import writing
from tests.api.serving import NOW, Api, Clock, problem, serve
from tests.databases import SqliteDatabases

LADDER: Final = "example-engineering"
VALUES: Final = {"ladder": LADDER, "uuid": "4d7c3231-fe51-56b6-a15d-6a2602ac755d", "version": "1.0.0"}
"""Of path parameters; any other is `none`, for whether there is such an entity is decided later."""
WITHOUT_CREDENTIAL: Final = ("nobody",)
WRONG: Final = ("wrong", "mangled", "expired", "revoked", "a password")
SCOPED: Final = RIGHTS
ELSEWHERE: Final = "admin of another ladder"
ROLES: Final = (*WITHOUT_CREDENTIAL, *WRONG, *SCOPED, ELSEWHERE)
OUTSIDE: Final = {"check_liveness", "check_readiness"}
"""Operations that ask nobody who they are."""
QUESTIONS: Final = frozenset({"measure_gap", "measure_gap_as_markdown", "measure_gap_as_table"})
"""POSTs that change nothing: the right to read is enough."""
FOR_ALL: Final = frozenset(
    {
        "read_root",
        "read_api_catalog",
        "read_ladder_schema",
        "find_entity_by_uuid",
        "list_ladders",
        "read_ladder",
        "read_document",
        "list_findings",
        "read_effective",
        "read_effective_as_markdown",
        "read_effective_as_table",
        "read_next",
        "read_next_as_markdown",
        "read_next_as_table",
        *QUESTIONS,
        "read_comparison",
        "read_comparison_as_markdown",
        "read_comparison_as_table",
        "read_matrix",
        "read_matrix_as_markdown",
        "read_matrix_as_table",
        "search_ladder",
        "search_ladders",
        "list_changes",
        "read_diff_as_markdown",
        "list_releases",
        "read_release",
        "read_release_content",
        "draw_level_radar",
        "draw_level_radar_as_png",
        "draw_matrix",
        "draw_matrix_as_png",
        "draw_ladder_map",
        "draw_ladder_map_as_png",
        "draw_releases_as_png",
        "draw_releases",
        "list_export_profiles",
        "read_export",
        "read_workbook",
        *(
            f"read_{table}_as_{form}"
            for table in ("competencies", "expectations", "faqs", "levels", "statements")
            for form in ("csv", "json")
        ),
        *(
            f"{verb}_{word}"
            for words in (
                ("tracks", "track"),
                ("levels", "level"),
                ("competencies", "competency"),
                ("facets", "facet"),
                ("expectations", "expectation"),
                ("examples", "example"),
                ("scales", "scale"),
                ("faqs", "faq"),
                ("tips", "tip"),
                ("pages", "page"),
            )
            for verb, word in zip(("list", "read"), words, strict=True)
        ),
    }
)
"""Reads that need no right where reading is open. Whoever adds one decides that here."""
ADMITTED: Final = "admitted"


@dataclass(frozen=True)
class Operation:
    """One operation, as the document describes it."""

    name: str
    method: str
    path: str
    rights: tuple[str, ...]
    """Of which it needs one; empty for a read that needs none where reading is open."""
    at_draft: bool
    """Whether only `@draft` takes it."""

    @property
    def url(self) -> str:
        url = re.sub(r"\{(\w+)\}", lambda found: VALUES.get(found[1], "none"), self.path)
        url += "?scale=1" if url.endswith(".png") else ""  # the quickest to draw
        return url.replace(LADDER, f"{LADDER}@draft") if self.at_draft else url


@cache
def operations() -> tuple[Operation, ...]:
    document = create_api(Settings()).openapi()
    return tuple(
        Operation(
            operation["operationId"],
            method.upper(),
            path,
            () if {} in operation["security"] else tuple(operation.get("x-required-scopes", ())),
            "405" in operation["responses"],
        )
        for path, item in document["paths"].items()
        for method, operation in item.items()
    )


@pytest.fixture(scope="module", params=["open", "key"])
def access(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def api(sqlite_databases: SqliteDatabases, access: str) -> Iterator[Api]:
    settings: dict[str, Any] = {"read_access": access, "rate_failures": 0, "rate_writes": 0}
    with sqlite_databases.fresh("seeded") as url, serve(url, Clock(), **settings) as served:
        yield served


@pytest.fixture(scope="module")
def headers(api: Api) -> dict[str, dict[str, str]]:
    """The headers of each role."""
    found: dict[str, dict[str, str]] = {right: api.key(f"the {right}", right) for right in RIGHTS}
    found[ELSEWHERE] = api.key("elsewhere", "admin", ladders=("netflix-engineering",))
    found["nobody"] = {}
    with writing(api.application.serving.engine) as connection:
        before = NOW - timedelta(days=2)
        expired, _ = create_key(connection, "late", ["admin"], before, expires_at=before + timedelta(days=1))
        revoked, made = create_key(connection, "gone", ["admin"], before)
        revoke_key(connection, made.id, before)
    api.refresh()
    wrong = found["admin"]["authorization"]
    found["wrong"] = {"authorization": f"Bearer clk_{'a' * 10}_{'b' * 43}"}
    found["mangled"] = {"authorization": wrong[:-1] + ("a" if wrong[-1] != "a" else "b")}
    found["expired"] = {"authorization": f"Bearer {expired}"}
    found["revoked"] = {"authorization": f"Bearer {revoked}"}
    found["a password"] = {"authorization": "Basic YWRhOmxvdmVsYWNl"}
    assert found.keys() == set(ROLES)
    return found


def expected(operation: Operation, role: str, access: str) -> str | int:
    """Return the expected result: `admitted`, or the status of the refusal."""
    if operation.name in OUTSIDE:
        return ADMITTED
    if role in WRONG:
        return 401
    closed = access == "key" and operation.path.startswith("/v1")
    if role == "nobody":
        return 401 if operation.rights or closed else ADMITTED
    if role == ELSEWHERE:
        return 403 if operation.rights and "{ladder}" in operation.path else ADMITTED
    return ADMITTED if not operation.rights or role == "admin" or role in operation.rights else 403


@pytest.mark.parametrize("role", ROLES)
def test_every_operation_admits_only_callers_with_its_rights(
    api: Api, headers: dict[str, dict[str, str]], access: str, role: str
) -> None:
    found, wanted = {}, {}
    for operation in operations():
        body: dict[str, str] | None = None if operation.method == "GET" else {}
        answer = api.client.request(operation.method, operation.url, headers=headers[role], json=body)
        assert answer.status_code < 500, (operation.name, answer.text)
        refused = answer.status_code in (401, 403)
        found[operation.name] = answer.status_code if refused else ADMITTED
        wanted[operation.name] = expected(operation, role, access)
        if refused:
            told = problem(answer)[1]
            assert told == {401: "unauthenticated", 403: "forbidden"}[answer.status_code]
            assert answer.headers["www-authenticate"].startswith('Bearer realm="career-ladder"')
            assert ("invalid_token" in answer.headers["www-authenticate"]) == (role in WRONG)
    assert found == wanted


@pytest.mark.parametrize("role", ROLES)
def test_only_authors_and_reviewers_can_read_a_draft(
    api: Api, headers: dict[str, dict[str, str]], role: str
) -> None:
    reads = [one for one in operations() if one.method == "GET" and "{ladder}" in one.path]
    may = role in ("write", "review", "publish", "admin")
    seen = set()
    for operation in reads:
        url = operation.url.replace(LADDER, f"{LADDER}@draft")
        status = api.client.get(url, headers=headers[role]).status_code
        assert status < 500
        seen.add(status)
        assert may or status in (401, 403, 404), (operation.name, status)
    assert not may or 200 in seen


def test_every_operation_documents_its_scopes() -> None:
    """A new operation either names a right, or is written down here as one for everybody."""
    open_ones = {one.name for one in operations() if not one.rights and one.name not in OUTSIDE}
    assert open_ones <= FOR_ALL
    for operation in operations():
        assert operation.method == "GET" or operation.rights or operation.name in QUESTIONS, operation.name
        assert set(operation.rights) <= set(RIGHTS)


def test_every_protected_operation_documents_its_errors() -> None:
    document = create_api(Settings()).openapi()
    assert document["components"]["securitySchemes"].keys() == {"bearer"}
    for item in document["paths"].values():
        for operation in item.values():
            if operation["security"]:
                assert {"401", "403", "429"} <= operation["responses"].keys()


def test_the_size_of_the_matrix() -> None:
    print(f"{len(operations())} operations x {len(ROLES)} roles x 2 kinds of read access")  # noqa: T201 - the figure
    assert len(operations()) >= 30


def test_a_write_without_any_key_says_how_to_create_one(empty_api: Api) -> None:
    answer = empty_api.client.put("/v1/ladders/any@draft/document", json={})
    assert problem(answer)[:2] == (403, "forbidden")
    assert "ladder keys create --owner NAME --scope admin" in problem(answer)[2]


def test_a_refusal_names_the_missing_scope(api: Api, headers: dict[str, dict[str, str]]) -> None:
    answer = api.client.get("/v1/audit", headers=headers["write"])
    assert problem(answer) == (
        403,
        "forbidden",
        "Your key lacks the scope 'admin'. Ask an administrator for one that has it.",
    )
    assert answer.headers["www-authenticate"] == (
        'Bearer realm="career-ladder", error="insufficient_scope", scope="admin"'
    )
    nobody = api.client.get("/v1/audit")
    assert (problem(nobody)[0], nobody.headers["www-authenticate"]) == (401, 'Bearer realm="career-ladder"')
    wrong = api.client.get("/v1/audit", headers=headers["revoked"])
    assert wrong.headers["www-authenticate"] == 'Bearer realm="career-ladder", error="invalid_token"'


@pytest.mark.parametrize(
    "sent",
    ["", "Bearer", "Bearer ", "bearer x", "Token xyzzy", "Bearer a b", "Bearer " + "x" * 9000, "Bearer é"],
)
def test_an_invalid_credential_is_refused_and_not_repeated(api: Api, sent: str) -> None:
    for path in ("/v1/ladders", "/docs", "/.well-known/api-catalog"):
        answer = api.client.get(path, headers=[(b"authorization", sent.encode("latin-1"))])
        assert answer.status_code == 401
        assert sent.partition(" ")[2] not in answer.text or len(sent) < 9
    assert api.client.get("/healthz", headers={"authorization": "Basic x"}).status_code == 200


def test_two_credentials_are_refused(api: Api, headers: dict[str, dict[str, str]]) -> None:
    both = [
        ("authorization", headers["read"]["authorization"]),
        ("authorization", headers["admin"]["authorization"]),
    ]
    assert api.client.get("/v1/ladders", headers=both).status_code == 401
