"""Publishing drafts and files in the same way: plans, log entries, and the effects on draft and review."""

import json
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection, Engine, select

from app.errors import BumpTooLow, Conflict, Invalid
from app.rubric.ladder import Ladder
from app.rubric.releases import Bump, Event, Release, Version
from app.store.audit import Actor
from app.store.drafts import find_draft_head, save_draft
from app.store.engine import reading, writing
from app.store.ladder_settings import LadderSettings, change_settings
from app.store.maintenance.doctor import verify
from app.store.publishing import PublishRequest, carry_out, plan_draft, plan_release
from app.store.releases import get_release
from app.store.reviews import find_open_review, find_subject, get_review, open_review, say_in_review
from app.store.revision import take_revision
from app.store.tables import METADATA
from tests.rubric.drafts import draft
from tests.store.samples import day, release, say

ADA, BOB, PAT = Actor("ada"), Actor("bob"), Actor("pat", "clk_1", "request-1", "127.0.0.1")
BASE = draft()
HARDER = draft({"/expectations/0/step": "expert"})
REWORDED = draft({"/faqs/0/answer": "It takes as long as it takes."})
TIDIER = draft({"/title": "ACME"})


def _published(
    engine: Engine, ladder: Ladder, wanted: PublishRequest, *, require_review: bool = False
) -> Release:
    with writing(engine) as connection:
        revision = take_revision(connection)
        plan = plan_release(connection, ladder, wanted, require_review=require_review)
        return carry_out(connection, plan, PAT, wanted.now, revision)


def _write(connection: Connection, ladder: Ladder, by: str = "ada") -> str:
    head = find_draft_head(connection, "acme")
    number = 0 if head is None else head.number
    saved = save_draft(connection, ladder, slug="acme", expected=number, by=by, at=day(2))
    return saved.content_sha256


def _details(engine: Engine) -> list[object]:
    audit = METADATA.tables["audit"]
    chosen = select(audit.c.detail).where(audit.c.action == "release.publish").order_by(audit.c.id)
    with reading(engine) as connection:
        return [detail and json.loads(detail) for detail in connection.execute(chosen).scalars()]


@pytest.mark.parametrize(
    ("ladder", "number", "version"),
    [
        (TIDIER, None, "1.0.1"),
        (TIDIER, "patch", "1.0.1"),
        (TIDIER, "major", "2.0.0"),
        (HARDER, None, "2.0.0"),
        (HARDER, Version(5, 1, 2), "5.1.2"),
    ],
)
def test_a_publish_takes_the_minimum_number_or_a_higher_one(
    engine: Engine, ladder: Ladder, number: Version | Bump | None, version: str
) -> None:
    release(engine, BASE)
    assert str(_published(engine, ladder, PublishRequest(day(2), number)).version) == version


@pytest.mark.parametrize("number", ["minor", "patch", Version(1, 9, 9)])
def test_a_number_below_the_minimum_is_refused(engine: Engine, number: Version | Bump) -> None:
    release(engine, BASE)
    with pytest.raises(BumpTooLow, match=r"the minimum is 2\.0\.0") as refusal:
        _published(engine, HARDER, PublishRequest(day(2), number))
    assert [fault.detail for fault in refusal.value.faults] == ["expectation:l4--quality changed: asks-more."]


def test_numbers_follow_the_newest_release_and_changes_the_last_not_withdrawn(
    engine: Engine,
) -> None:
    release(engine, BASE)
    wrong = release(engine, HARDER, "2.0.0", published=day(2))
    say(engine, wrong, Event("withdrawn", day(3), "Wrong."))
    made = _published(engine, TIDIER, PublishRequest(day(4)))
    assert str(made.version) == "2.0.1"
    assert made.notes is not None
    assert "expectation" not in made.notes


def test_a_number_below_the_minimum_is_kept_with_both_numbers_and_the_reason(engine: Engine) -> None:
    release(engine, BASE)
    made = _published(engine, HARDER, PublishRequest(day(2), "minor", because="It was *meant* so."))
    with reading(engine) as connection:
        found = get_release(connection, "acme", made.version)
        assert list(verify(connection)) == []
    assert (found.version, found.minimum, found.because) == (
        Version(1, 1, 0),
        Version(2, 0, 0),
        "It was *meant* so.",
    )
    assert (made.minimum, made.because, made.notes) == (found.minimum, found.because, found.notes)
    first = "Published as 1.1.0, below the minimum of 2.0.0, because: It was \\*meant\\* so.\n\n1 change: "
    assert (found.notes or "").startswith(first)
    assert _details(engine) == [{"base": "1.0.0", "minimum": "2.0.0", "because": "It was *meant* so."}]


def test_own_notes_are_kept_as_written_next_to_the_reason(engine: Engine) -> None:
    release(engine, BASE)
    made = _published(engine, HARDER, PublishRequest(day(2), "patch", "Ours.", because="A slip."))
    assert (made.notes, made.because, made.version) == ("Ours.", "A slip.", Version(1, 0, 1))
    assert made.lower_number == "Published as 1.0.1, below the minimum of 2.0.0, because: A slip."


@pytest.mark.parametrize("number", [None, "major", Version(2, 0, 0), Version(7, 0, 0)])
def test_a_number_that_is_not_below_the_minimum_needs_no_reason(
    engine: Engine, number: Version | Bump | None
) -> None:
    release(engine, BASE)
    with pytest.raises(Invalid, match=r"is not below the minimum, 2\.0\.0, so it needs no reason") as refusal:
        _published(engine, HARDER, PublishRequest(day(2), number, because="Why not."))
    assert [fault.pointer for fault in refusal.value.faults] == ["/because"]


def test_a_first_release_needs_no_reason(engine: Engine) -> None:
    with pytest.raises(Invalid, match=r"No release of 'acme' precedes 1\.0\.0, so it needs no reason"):
        _published(engine, BASE, PublishRequest(day(1), because="Only style."))


@pytest.mark.parametrize("because", [None, "A slip."])
def test_the_settings_can_forbid_numbers_below_the_minimum(engine: Engine, because: str | None) -> None:
    release(engine, BASE)
    with writing(engine) as connection:
        change_settings(connection, "acme", LadderSettings(allow_lower_version=False), ADA, day(1))
    with pytest.raises(BumpTooLow, match="This ladder allows no lower one"):
        _published(engine, HARDER, PublishRequest(day(2), "minor", because=because))
    assert str(_published(engine, HARDER, PublishRequest(day(2), "major")).version) == "2.0.0"


def test_imported_history_keeps_its_reason_and_the_minimum(engine: Engine) -> None:
    _published(engine, BASE, PublishRequest(day(9), Version(1, 0, 0), published_at=day(1)))
    wanted = PublishRequest(day(9), Version(1, 1, 0), published_at=day(2), because="A slip.")
    made = _published(engine, HARDER, wanted)
    assert (made.minimum, made.because, made.notes) == (Version(2, 0, 0), "A slip.", None)


def test_history_is_imported_unchanged(engine: Engine) -> None:
    for number, ladder in enumerate((BASE, HARDER), 1):
        wanted = PublishRequest(day(9), Version(1, 0, number), None, published_at=day(number))
        made = _published(engine, ladder, wanted)
        assert (made.published_at, made.notes) == (day(number), None)


def test_history_is_reviewed_like_anything_else(engine: Engine) -> None:
    wanted = PublishRequest(day(9), Version(1, 0, 1), None, published_at=day(1))
    with pytest.raises(Conflict, match="'acme' needs an approved review"):
        _published(engine, BASE, wanted, require_review=True)


def test_a_reason_replaces_the_review_and_is_logged(engine: Engine) -> None:
    release(engine, BASE)
    wanted = PublishRequest(day(2), override_review="The law changes tomorrow.")
    _published(engine, TIDIER, wanted, require_review=True)
    assert _details(engine) == [{"base": "1.0.0", "override_review": "The law changes tomorrow."}]


def test_no_reason_is_logged_if_no_review_was_missing(engine: Engine) -> None:
    release(engine, BASE)
    _published(engine, TIDIER, PublishRequest(day(2), override_review="In case."))
    assert _details(engine) == [{"base": "1.0.0"}]


def test_files_with_the_approved_content_end_the_draft_and_its_review(engine: Engine) -> None:
    release(engine, BASE)
    with writing(engine) as connection:
        change_settings(connection, "acme", LadderSettings(require_review=True), ADA, day(2))
        _write(connection, TIDIER)
        review = open_review(connection, "acme", "Letters", None, ADA, day(2))
        say_in_review(connection, review, find_subject(connection, "acme"), "approve", None, BOB, day(2))
    _published(engine, TIDIER, PublishRequest(day(3)))
    with reading(engine) as connection:
        assert find_draft_head(connection, "acme") is None
        assert find_open_review(connection, "acme") is None
        over = get_review(connection, "acme", 1)
        assert (over.closed, over.closed_at) == ("published", day(3))
        assert list(verify(connection)) == []


def test_files_with_other_content_do_not_change_the_draft(engine: Engine) -> None:
    release(engine, BASE)
    with writing(engine) as connection:
        reviewed = _write(connection, HARDER)
        open_review(connection, "acme", "Harder", None, ADA, day(2))
    _published(engine, TIDIER, PublishRequest(day(3)))
    with reading(engine) as connection:
        head, review = find_draft_head(connection, "acme"), find_open_review(connection, "acme")
        assert head is not None
        assert (head.content_sha256, review is not None) == (reviewed, True)
    with (
        pytest.raises(Conflict, match=r"builds on 1\.0\.0, and the newest release is now 1\.0\.1"),
        writing(engine) as connection,
    ):
        plan_draft(connection, "acme", reviewed, PublishRequest(day(4)), require_review=False)


def test_an_approval_of_an_outdated_draft_does_not_count(engine: Engine) -> None:
    release(engine, BASE)
    with writing(engine) as connection:
        _write(connection, HARDER)
        review = open_review(connection, "acme", "Harder", None, ADA, day(2))
        say_in_review(connection, review, find_subject(connection, "acme"), "approve", None, BOB, day(2))
    _published(engine, TIDIER, PublishRequest(day(3)))
    with pytest.raises(Conflict, match=r"builds on 1\.0\.0"):
        _published(engine, HARDER, PublishRequest(day(4)), require_review=True)


def test_a_draft_of_a_withdrawn_release_is_refused_with_a_fix(engine: Engine) -> None:
    made = release(engine, BASE)
    with writing(engine) as connection:
        reviewed = _write(connection, HARDER)
    say(engine, made, Event("withdrawn", day(3), "Wrong."))
    said = "The draft of 'acme' builds on 1.0.0, and all releases are withdrawn now."
    with pytest.raises(Conflict, match=re.escape(said)), writing(engine) as connection:
        plan_draft(connection, "acme", reviewed, PublishRequest(day(4)), require_review=False)


def test_a_plan_writes_nothing(engine: Engine) -> None:
    base = release(engine, BASE)
    with writing(engine) as connection:
        wanted = PublishRequest(day(2), effective_from=day(5), notes="Ours.")
        plan = plan_release(connection, TIDIER, wanted, require_review=False)
        new = plan.new
        assert (plan.base, plan.same, plan.shown, plan.override) == (base, None, new, None)
        assert (new.name, new.notes, new.published_at, new.effective_from) == (
            "acme@1.0.1",
            "Ours.",
            day(2),
            day(5),
        )
        unchanged = plan_release(connection, BASE, wanted, require_review=False)
        assert (unchanged.same, unchanged.shown) == (base, base)
        with pytest.raises(Conflict, match=r"acme@1\.0\.0 already has this content"):
            carry_out(connection, unchanged, PAT, day(2))
    assert _details(engine) == []


def test_a_publish_is_logged_with_actor_and_address(engine: Engine) -> None:
    made = _published(engine, BASE, PublishRequest(day(2)))
    audit = METADATA.tables["audit"]
    with reading(engine) as connection:
        (row,) = connection.execute(select(audit)).mappings()
    assert {name: value for name, value in row.items() if name != "id"} == {
        "at": day(2),
        "who": "pat",
        "via": "clk_1",
        "action": "release.publish",
        "ladder": "acme",
        "target": "1.0.0",
        "request_id": "request-1",
        "address": "127.0.0.1",
        "before_sha256": None,
        "after_sha256": made.content_sha256,
        "detail": None,
    }


def test_a_slow_clock_cannot_date_a_release_before_the_newest(engine: Engine) -> None:
    release(engine, BASE, published=day(5))
    made = _published(engine, TIDIER, PublishRequest(day(5) - timedelta(hours=1)))
    assert (made.published_at, made.effective_from) == (day(5), day(5))
    assert replace(made, events=()) == made
