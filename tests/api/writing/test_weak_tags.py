"""If-Match with tags that a proxy weakened."""

import pytest

from app.api.writing.preconditions import Preconditions
from app.errors import PreconditionFailed


def test_a_weak_if_match_is_refused_with_the_reason_and_the_current_tag() -> None:
    with pytest.raises(PreconditionFailed, match="only weak tags") as refused:
        Preconditions(match=frozenset()).require('"a1"', "The level 'l5'")
    assert refused.value.etag == '"a1"'
    assert "the level 'l5' without `W/`" in refused.value.detail
