"""The pages are served by the same application as the API."""

from tests.api.conftest import client, clock, empty_api, seeds

__all__ = ["client", "clock", "empty_api", "seeds"]
