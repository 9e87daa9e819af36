"""A published ladder to edit, on both engines."""

import pytest

from tests.api.publishing import BASE
from tests.api.serving import NOW, Api


@pytest.fixture
def acme(empty_api: Api) -> Api:
    """1.0.0 of the small ladder is in force, and nobody has edited its draft."""
    empty_api.publish(BASE, "1.0.0", NOW)
    return empty_api
