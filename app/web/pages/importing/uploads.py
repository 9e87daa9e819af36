"""Uploads: a file in a form, kept in the database until its person confirms what it would do."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import PurePath
from typing import Final

from fastapi import Request

from app.api.protocol.multipart import form_body_of, form_parts
from app.api.reading.reader import serving_of
from app.errors import BadRequest, Invalid, InvalidLadder, TooLarge, UnsupportedMediaType
from app.formats.file_import.contents import Content
from app.formats.file_import.worker import read_apart
from app.serving.answers.answer import answer_of
from app.store.engine import writing
from app.store.work.waiting import Waiting, find_waiting, keep_waiting, take_waiting
from app.web.layout.forms import TOKEN, refuse_other_sites
from app.web.translation.messages import N_

FILE: Final = "file"
"""The field of the file."""
KINDS: Final = ".xlsx,.csv,.tsv,.md,.html,.yaml,.yml,.json"
"""The kinds of files that the browser offers to choose."""
UNREADABLE: Final = (BadRequest, Invalid, InvalidLadder, TooLarge, UnsupportedMediaType)
"""The errors of a file that cannot be used."""
_HEAD: Final = b"\n"
"""The mark that ends the name of the file, before the file."""
_LONGEST_NAME: Final = 200


class UploadOver(Exception):
    """An upload does not wait any more, or never did for this person and ladder."""


@dataclass(frozen=True)
class Upload:
    """A file that somebody uploaded."""

    file: str
    """The name of the file, without folders."""
    data: bytes

    def read(self, name: str | None = None) -> tuple[Content, ...]:
        """Return what the file holds. Sheets without a title get the name, else that of the file.

        Raises as `read_apart` does.
        """
        return read_apart(self.file, self.data, None, name=name or PurePath(self.file).stem)

    def packed(self) -> bytes:
        """Return the upload as bytes to keep."""
        return json.dumps({"file": self.file}).encode() + _HEAD + self.data

    @classmethod
    def unpacked(cls, content: bytes) -> "Upload":
        """Return the upload that `packed` wrote."""
        head, _, data = content.partition(_HEAD)
        return cls(json.loads(head)["file"], data)


async def upload_of(request: Request, require: Callable[[dict[str, str]], None]) -> Upload:
    """Return the file in a form that one of our pages sent.

    Args:
        request: The request. Its sender may write, so nobody else makes us read 20 MB.
        require: Checks the token of the form.

    Raises:
        Forbidden: Another site sent the form, or its token is wrong.
        UnsupportedMediaType, BadRequest, TooLarge: The form cannot be read.
        Invalid: The form has no file.
    """
    refuse_other_sites(request)
    parts = form_parts(await form_body_of(request), request.headers.get("content-type", ""))
    token = parts.get(TOKEN)
    require({} if token is None else {TOKEN: token.content.decode("latin-1")})
    part = parts.get(FILE)
    if part is None or not part.file:
        raise Invalid(N_("Choose a file."))
    if not part.content:
        raise BadRequest(N_("This file is empty. Choose another one."))
    return Upload(PurePath(part.file.replace("\\", "/")).name[:_LONGEST_NAME], bytes(part.content))


def keep_upload(
    request: Request, upload: Upload, purpose: str, ladder: str | None = None, tag: str | None = None
) -> str:
    """Keep an upload for its person, and return the key that finds it. Raises TooLarge, and Unavailable."""
    serving = serving_of(request)
    serving.database.refuse_if_away()
    waiting = Waiting(_person(request), purpose, upload.packed(), ladder, tag)
    with writing(serving.engine) as connection:
        return keep_waiting(connection, waiting, serving.clock())


def get_upload(
    request: Request, key: str, purpose: str, ladder: str | None = None
) -> tuple[Upload, str | None]:
    """Return an upload that waits for the caller, and the tag that it is for.

    Raises UploadOver if it does not wait any more, or is another person's or another ladder's.
    """
    serving = serving_of(request)
    question = partial(find_waiting, token=key, person=_person(request), purpose=purpose, now=serving.clock())
    waiting = serving.database.ask(question)
    if waiting is None or waiting.ladder != ladder:
        raise UploadOver
    return Upload.unpacked(waiting.content), waiting.tag


def drop_upload(request: Request, key: str) -> None:
    """Delete an upload, if it still waits for the caller."""
    serving = serving_of(request)
    serving.database.refuse_if_away()
    with writing(serving.engine) as connection:
        take_waiting(connection, key, _person(request))


def _person(request: Request) -> str:
    """Return the identity of the sender of a request."""
    return answer_of(request.scope).caller.identity
