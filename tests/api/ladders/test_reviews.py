"""Reviews over HTTP: opening one, comments, decisions, and their effect on publishing."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from httpx import Response

from tests.api.drafting import write_draft
from tests.api.publishing import ACME, BASE, CLEARER, TIDIER, Json, begun, logged, sha
from tests.api.serving import NOW, Api, Clock, problem, serve

REVIEWS = f"{ACME}/reviews"
ONE = f"{REVIEWS}/1"


@dataclass(frozen=True)
class People:
    """A ladder whose draft ada changed, where a review is required, and the keys of those who work on it."""

    api: Api
    ada: dict[str, str]
    bob: dict[str, str]
    cleo: dict[str, str]
    pat: dict[str, str]

    def opened(self) -> Json:
        """A review that ada opened."""
        answer = self.api.client.post(REVIEWS, json={"title": "Tips"}, headers=self.ada)
        assert answer.status_code == 201, answer.text
        return answer.json()

    def decide(self, who: dict[str, str], decision: str, content: str = sha(CLEARER)) -> Response:
        """Decide on the review as somebody."""
        body = {"decision": decision, "content_sha256": content}
        answer: Response = self.api.client.post(f"{ONE}/decisions", json=body, headers=who)  # type: ignore[assignment]  # the same in both libraries
        return answer

    def publish(self) -> Response:
        """Publish the draft as somebody who may."""
        body = {"content_sha256": sha(CLEARER)}
        answer: Response = self.api.client.post(f"{ACME}/releases", json=body, headers=self.pat)  # type: ignore[assignment]  # the same
        return answer

    def read(self) -> Json:
        """The review as it is now."""
        return self.api.client.get(ONE, headers=self.cleo).json()


@pytest.fixture
def people(database_url: str) -> Iterator[People]:
    with serve(database_url, Clock(), require_review=True) as api:
        begun(api, CLEARER)
        keys = (
            api.key("ada", "write", "review"),
            api.key("bob", "write", "review"),
            api.key("cleo", "review"),
            api.key("pat", "publish"),
        )
        yield People(api, *keys)


def test_a_review_is_opened_read_and_listed(people: People) -> None:
    body = {"title": "Tips for beginners", "description": "Says how to begin."}
    answer = people.api.client.post(REVIEWS, json=body, headers=people.ada)
    assert (answer.status_code, answer.headers["location"]) == (201, ONE)
    item = {
        "ladder": "acme",
        "number": 1,
        "title": "Tips for beginners",
        "description": "Says how to begin.",
        "status": "open",
        "opened_by": "ada",
        "opened_at": "2026-11-22T12:00:00Z",
        "links": {"self": ONE, "draft": f"{ACME}@draft", "entries": f"{ONE}/entries"},
    }
    assert answer.json() == {
        **item,
        "content_sha256": sha(CLEARER),
        "authors": ["ada"],
        "missing": [
            "Nobody has approved this content. Someone who has not edited the draft must approve it."
        ],
        "entry_count": 0,
        "entries": [],
    }
    read = people.api.client.get(ONE, headers=people.cleo)
    assert (read.json(), read.headers["cache-control"]) == (answer.json(), "no-store")
    listed = people.api.client.get(REVIEWS, headers=people.pat)
    assert listed.json() == {"ladder": "acme", "items": [item], "links": {"self": REVIEWS}}
    assert listed.headers["cache-control"] == "no-store"


def test_an_approval_by_someone_who_did_not_edit_allows_publishing(people: People) -> None:
    people.opened()
    decided = people.decide(people.cleo, "approve")
    assert decided.status_code == 201
    body = decided.json()
    assert (body["status"], "missing" in body) == ("approved", False)
    assert body["entries"] == [
        {
            "number": 1,
            "kind": "approve",
            "by": "cleo",
            "at": "2026-11-22T12:00:00Z",
            "content_sha256": sha(CLEARER),
            "valid": True,
        }
    ]
    assert people.publish().status_code == 201
    over = people.read()
    assert (over["status"], over["closed_at"]) == ("published", "2026-11-22T12:00:00Z")
    assert "missing" not in over
    columns = ("who", "action", "target", "after_sha256")
    assert [row for row in logged(people.api, *columns) if row[1].startswith(("review", "release"))] == [
        ("ada", "review.open", "1", sha(CLEARER)),
        ("cleo", "review.approve", "1", sha(CLEARER)),
        ("pat", "release.publish", "1.1.0", sha(CLEARER)),
        ("pat", "review.close", "1", None),
    ]


def test_a_required_review_must_precede_publishing(people: People) -> None:
    assert problem(people.publish()) == (
        409,
        "conflict",
        (
            "'acme' needs an approved review before it can be published. "
            "No review is open. Open one and have it approved by someone who has not edited the draft."
        ),
    )
    assert [item["version"] for item in people.api.json(f"{ACME}/releases")["items"]] == ["1.0.0"]


def test_an_author_cannot_approve_their_own_draft(people: People) -> None:
    people.opened()
    body = people.decide(people.ada, "approve").json()
    assert (body["status"], body["entries"][0]["valid"]) == ("open", False)
    refused = people.publish()
    assert problem(refused)[0] == 409
    assert refused.json()["errors"] == [
        {
            "detail": "ada approved, but also edited the draft. Someone who has not edited the draft must approve it."
        }
    ]


def test_an_edit_cancels_an_approval(people: People) -> None:
    people.opened()
    people.decide(people.cleo, "approve")
    write_draft(people.api, TIDIER, "bob")
    write_draft(people.api, CLEARER, "bob")
    body = people.read()
    assert (body["status"], body["authors"], body["entries"][0]["valid"]) == ("open", ["ada", "bob"], False)
    assert problem(people.publish())[0] == 409
    assert people.decide(people.bob, "approve").json()["status"] == "open"
    assert people.decide(people.cleo, "approve").json()["status"] == "approved"
    assert people.publish().status_code == 201


def test_a_request_for_changes_blocks_until_its_author_approves(people: People) -> None:
    people.opened()
    assert people.decide(people.cleo, "request-changes").json()["status"] == "changes-requested"
    other = people.decide(people.api.key("dan", "review"), "approve").json()
    assert (other["status"], other["missing"]) == (
        "changes-requested",
        ["cleo requested changes and must approve."],
    )
    assert problem(people.publish())[0] == 409
    assert people.decide(people.cleo, "approve").json()["status"] == "approved"
    assert people.publish().status_code == 201


def test_a_decision_must_name_the_current_content(people: People) -> None:
    people.opened()
    assert problem(people.decide(people.cleo, "approve", sha(TIDIER))) == (
        409,
        "conflict",
        (
            f"The draft of 'acme' has changed. Its content hash is now {sha(CLEARER)}. "
            "Read it again, then decide."
        ),
    )
    assert people.read()["entries"] == []


@pytest.mark.parametrize("about", [None, "tip:slow", "level:l5", "expectation:l4--quality"])
def test_a_comment_is_about_the_draft_or_an_entity(people: People, about: str | None) -> None:
    people.opened()
    body = {"text": "Why?"} | ({} if about is None else {"target": about})
    answer = people.api.client.post(f"{ONE}/comments", json=body, headers=people.pat)
    assert answer.status_code == 201
    assert answer.json()["entries"] == [
        {
            "number": 1,
            "kind": "comment",
            "by": "pat",
            "at": "2026-11-22T12:00:00Z",
            "content_sha256": sha(CLEARER),
            "valid": False,
            **body,
        }
    ]


def test_a_comment_can_be_about_a_removed_entity(people: People) -> None:
    write_draft(people.api, BASE.model_copy(update={"faqs": ()}), "ada")
    people.opened()
    body = {"text": "Keep it.", "target": "faq:how-long"}
    assert people.api.client.post(f"{ONE}/comments", json=body, headers=people.cleo).status_code == 201


@pytest.mark.parametrize("about", ["level:l9", "nothing:l5"])
def test_a_comment_about_an_unknown_entity_is_refused(people: People, about: str) -> None:
    people.opened()
    body = {"text": "What?", "target": about}
    answer = people.api.client.post(f"{ONE}/comments", json=body, headers=people.cleo)
    assert problem(answer) == (422, "invalid", "The body has an error.")
    assert answer.json()["errors"] == [
        {
            "detail": f"The ladder does not have {about!r} and never had it. Name an entity as `kind:slug`.",
            "pointer": "/target",
        }
    ]


def test_a_draft_has_one_open_review(people: People) -> None:
    people.opened()
    answer = people.api.client.post(REVIEWS, json={"title": "Again"}, headers=people.cleo)
    assert problem(answer) == (
        409,
        "conflict",
        "Review 1 of 'acme' is already open. Continue there, or withdraw it first.",
    )


def test_an_unedited_draft_cannot_be_reviewed(empty_api: Api) -> None:
    empty_api.publish(BASE, "1.0.0", NOW)
    answer = empty_api.client.post(REVIEWS, json={"title": "Early"}, headers=empty_api.key("ada", "write"))
    assert problem(answer) == (
        409,
        "conflict",
        "The draft of 'acme' has no changes to review.",
    )


def test_only_its_opener_can_withdraw_a_review(people: People) -> None:
    people.opened()
    path = f"{ONE}/withdrawal"
    assert problem(people.api.client.post(path, headers=people.cleo)) == (
        403,
        "forbidden",
        "ada opened Review 1 of 'acme', so nobody else can withdraw it.",
    )
    withdrawn = people.api.client.post(path, headers=people.ada)
    assert (withdrawn.status_code, withdrawn.json()["status"]) == (200, "withdrawn")
    assert people.api.client.post(REVIEWS, json={"title": "New"}, headers=people.ada).json()["number"] == 2


def test_a_discarded_draft_ends_its_review(people: People) -> None:
    people.opened()
    tag = people.api.client.get(f"{ACME}@draft/document", headers=people.ada).headers["etag"]
    dropped = people.api.client.delete(f"{ACME}@draft", headers=people.ada | {"if-match": tag})
    assert dropped.status_code == 204
    assert people.read()["status"] == "discarded"


def _end(people: People, state: str) -> None:
    """Bring the review to its end."""
    if state == "published":
        people.decide(people.cleo, "approve")
        people.publish()
    else:
        people.api.client.post(f"{ONE}/withdrawal", headers=people.ada)


@pytest.mark.parametrize("state", ["published", "withdrawn"])
@pytest.mark.parametrize(
    ("act", "done"),
    [
        ("approve", "approved"),
        ("request-changes", "sent back"),
        ("comment", "commented on"),
        ("withdraw", "withdrawn"),
    ],
)
def test_a_closed_review_takes_no_actions(people: People, state: str, act: str, done: str) -> None:
    people.opened()
    _end(people, state)
    before = people.read()
    if act == "comment":
        answer = people.api.client.post(f"{ONE}/comments", json={"text": "Late."}, headers=people.cleo)
    elif act == "withdraw":
        answer = people.api.client.post(f"{ONE}/withdrawal", headers=people.ada)
    else:
        answer = people.decide(people.cleo, act)  # type: ignore[assignment]  # the same in both libraries
    assert problem(answer) == (
        409,
        "conflict",
        f"Review 1 of 'acme' is {state}, so it cannot be {done}. Open a new one.",
    )
    assert people.read() == before


def test_the_list_is_paged_newest_first(people: People) -> None:
    for _ in range(3):
        number = people.opened()["number"]
        people.api.client.post(f"{REVIEWS}/{number}/withdrawal", headers=people.ada)
    first = people.api.client.get(f"{REVIEWS}?limit=2", headers=people.ada).json()
    second = people.api.client.get(first["links"]["next"], headers=people.ada).json()
    numbers = [[item["number"] for item in page["items"]] for page in (first, second)]
    assert (numbers, "next" in second["links"]) == ([[3, 2], [1]], False)
    other = people.api.client.get(f"{REVIEWS}?cursor=abc", headers=people.ada)
    assert problem(other)[:2] == (422, "invalid-parameter")


def test_a_review_is_read_with_its_newest_entries_and_the_list_has_all(people: People) -> None:
    people.opened()
    for number in range(1, 26):
        body = {"text": f"Comment {number}"}
        added = people.api.client.post(f"{ONE}/comments", json=body, headers=people.cleo).json()
        assert (added["entry_count"], [entry["number"] for entry in added["entries"]]) == (number, [number])
    read = people.read()
    assert read["entry_count"] == 25
    assert [entry["number"] for entry in read["entries"]] == list(range(25, 5, -1))
    first = people.api.client.get(f"{read['links']['entries']}?limit=20", headers=people.cleo)
    assert first.headers["cache-control"] == "no-store"
    assert first.json() == {
        "ladder": "acme",
        "number": 1,
        "items": read["entries"],
        "links": {"self": f"{ONE}/entries?limit=20", "next": first.json()["links"]["next"]},
    }
    second = people.api.client.get(first.json()["links"]["next"], headers=people.cleo).json()
    assert [entry["number"] for entry in second["items"]] == [5, 4, 3, 2, 1]
    assert "next" not in second["links"]
    other = people.api.client.get(f"{REVIEWS}?cursor=abc", headers=people.cleo)
    assert problem(other)[:2] == (422, "invalid-parameter")


def test_a_response_stays_small_in_a_long_review(people: People) -> None:
    people.opened()
    body = {"text": "x" * 20_000}
    for _ in range(60):
        added = people.api.client.post(f"{ONE}/comments", json=body, headers=people.cleo)
        assert len(added.content) < 21_000
    assert len(people.api.client.get(ONE, headers=people.cleo).content) < 420_000
    listed = people.api.client.get(f"{ONE}/entries?limit=500", headers=people.cleo)
    assert len(listed.json()["items"]) == 50
    assert "next" in listed.json()["links"]
    assert len(people.api.client.get(REVIEWS, headers=people.cleo).content) < 1_000
    longer = people.api.client.post(f"{ONE}/comments", json={"text": "x" * 20_001}, headers=people.cleo)
    assert problem(longer)[:2] == (422, "invalid")


def test_fields_returns_the_named_and_required_fields(people: People) -> None:
    people.opened()
    always = {"ladder", "number", "title", "status", "opened_by", "opened_at", "links"}
    one = people.api.client.get(f"{ONE}?fields=authors", headers=people.ada).json()
    assert set(one) == {*always, "authors", "entry_count", "entries"}
    (item,) = people.api.client.get(f"{REVIEWS}?fields=status", headers=people.ada).json()["items"]
    assert set(item) == always
    wrong = people.api.client.get(f"{ONE}?fields=author", headers=people.ada)
    assert problem(wrong)[:2] == (422, "invalid-parameter")


def test_an_unknown_review_is_not_found(people: People) -> None:
    for number in ("1", "99"):
        answer = people.api.client.get(f"{REVIEWS}/{number}", headers=people.ada)
        assert problem(answer) == (
            404,
            "not-found",
            f"'acme' has no review {number}. GET /v1/ladders/acme/reviews lists its reviews.",
        )


def test_publishing_without_required_review_needs_no_review(empty_api: Api) -> None:
    begun(empty_api, CLEARER)
    body = {"content_sha256": sha(CLEARER)}
    answer = empty_api.client.post(f"{ACME}/releases", json=body, headers=empty_api.key("pat", "publish"))
    assert answer.status_code == 201


@pytest.mark.parametrize("right", ["read", "publish"])
def test_opening_a_review_needs_the_write_or_review_scope(empty_api: Api, right: str) -> None:
    begun(empty_api, CLEARER)
    answer = empty_api.client.post(REVIEWS, json={"title": "T"}, headers=empty_api.key("x", right))
    assert problem(answer)[:2] == (403, "forbidden")


def test_a_reader_of_releases_cannot_read_reviews(empty_api: Api) -> None:
    begun(empty_api, CLEARER)
    reader = empty_api.key("x", "read")
    for path in (REVIEWS, ONE):
        assert problem(empty_api.client.get(path, headers=reader))[:2] == (403, "forbidden")
