"""`docs/reference/drafts.md` has the same table of states and transitions as the code."""

from app.rubric.reviews import ACTS, STATES, TRANSITIONS
from tests.docs.pages import rows, text_of

ROWS = rows(text_of("docs/reference/drafts.md"))


def test_the_table_of_states_and_transitions_is_that_of_the_code() -> None:
    head = next(row for row in ROWS if row[0] == "state")
    assert head == ("state", *ACTS)
    table = [row for row in ROWS if row[0] in STATES and len(row) == len(head)]
    assert table == [
        (state, *(", ".join(TRANSITIONS[state].get(act, ("-",))) for act in ACTS)) for state in STATES
    ]
