"""Responses that browsers save as files, with names that say what they hold."""

from fastapi import Response

from app.api.reading.reader import Reader


def attached(release: Reader, body: bytes, media_type: str, name: str) -> Response:
    """Return a file of a release. Its name begins with the ladder and the release."""
    file = f"{release.loaded.slug}-{release.loaded.label}-{name}"
    headers = {"content-type": media_type, "content-disposition": f'attachment; filename="{file}"'}
    return Response(body, headers=headers)
