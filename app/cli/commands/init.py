"""`ladder init`: create a small commented ladder to start from."""

from pathlib import Path
from typing import Annotated, Final

import typer

from app.cli import output
from app.errors import Conflict, Invalid, Unavailable

FILE: Final = "ladder.yaml"
_TEMPLATE: Final = Path(__file__).parents[1] / "new_ladder.yaml"
_FALLBACK: Final = "my-ladder"


def init(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", file_okay=False, help="The folder to create the file in.")
    ] = Path(),
    *,
    title: Annotated[
        str | None, typer.Option(metavar="TEXT", help="Title of the ladder; default: made from the slug.")
    ] = None,
    slug: Annotated[
        str | None,
        typer.Option(
            metavar="SLUG", help="Name of the ladder in URLs; default: made from the title or folder."
        ),
    ] = None,
) -> None:
    """Create a small commented ladder to start from.

    Writes the file `ladder.yaml`, and never replaces a file.
    """
    from app.rubric.suggest import slug_from

    made = slug or slug_from(title or folder.absolute().name) or _FALLBACK
    _check_slug(made)
    text = _TEMPLATE.read_text("utf-8")
    text = text.replace("{slug}", made).replace(
        "{title}", _quoted(title or made.replace("-", " ").capitalize())
    )
    file = folder / FILE
    _write_new(file, text)
    output.say(f"Created {file}.")
    output.note(f"Next: ladder validate {file}, ladder preview {file}, ladder publish {file}")


def _check_slug(slug: str) -> None:
    import re

    from app.rubric.text import MAX_SLUG, SLUG_PATTERN

    if len(slug) > MAX_SLUG or re.fullmatch(SLUG_PATTERN, slug) is None:
        raise Invalid(
            f"--slug must be lower-case letters and digits joined by single hyphens, such as acme-engineering, "
            f"with {MAX_SLUG} characters at most."
        )


def _quoted(title: str) -> str:
    """Return a title as YAML text in double quotes, with the escapes of JSON."""
    import json

    if not title.strip() or not title.isprintable():
        raise Invalid("--title must be one line of text.")
    return json.dumps(title, ensure_ascii=False)


def _write_new(file: Path, text: str) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
    except FileExistsError:
        raise Conflict(f"{file} already exists. Choose another folder: ladder init DIR.") from None
    except OSError as error:
        raise Unavailable(
            f"{file} cannot be written: {error.strerror}. Choose another folder, or make this one writable."
        ) from error
