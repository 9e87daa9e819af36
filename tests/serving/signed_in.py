"""Signed-in visitors for tests: a session of a new key, and the cookie that a browser sends."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from app.store.access.keys import create_key
from app.store.access.sessions import create_session, end_session
from app.store.engine import writing
from tests.api.serving import Api

COOKIE: Final = "__Host-ladder-session"
FORGET: Final = f"{COOKIE}=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0"


@dataclass(frozen=True)
class Visitor:
    """Somebody with a session."""

    api: Api
    key: str
    key_id: str
    token: str

    @property
    def cookie(self) -> dict[str, str]:
        """The header that their browser sends."""
        return {"cookie": f"{COOKIE}={self.token}"}

    def sign_out(self) -> None:
        """End the session, as another process would."""
        with writing(self.api.application.serving.engine) as connection:
            assert end_session(connection, self.token)


def visitor(
    api: Api,
    *scopes: str,
    owner: str = "Ada",
    ladders: tuple[str, ...] | None = None,
    lasting: timedelta = timedelta(hours=12),
    key_lasting: timedelta | None = None,
) -> Visitor:
    """Somebody who signed in with a new key, which the application learns of at once."""
    now = api.application.serving.clock()
    ends = None if key_lasting is None else now + key_lasting
    with writing(api.application.serving.engine) as connection:
        key, made = create_key(connection, owner, scopes, now, ladders=ladders, expires_at=ends)
        token = create_session(connection, made.id, now, now + lasting)
    api.refresh()
    return Visitor(api, key, made.id, token)
