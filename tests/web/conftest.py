"""The pages are served by the same application as the API."""

from tests.api.conftest import client, seeds

__all__ = ["client", "seeds"]
