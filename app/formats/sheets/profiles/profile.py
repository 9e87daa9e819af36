"""Export profiles: what a file for another system looks like, read from data files."""

import re
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Final, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from app.errors import BadRequest, Fault, NotFound
from app.formats.sheets.columns import COLUMNS
from app.rubric.suggest import did_you_mean
from app.validation import in_words

_DATA: Final = Path(__file__).with_name("data")
_NAMED: Final = re.compile(r"\{(\w+)\}")


def _listed(value: object) -> object:
    return value if isinstance(value, list | tuple) else (value,)


class Column(BaseModel):
    """One column of a file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    header: str
    value: Annotated[tuple[str, ...], BeforeValidator(_listed)]
    """Texts in which `{name}` stands for a column of the flat table. The first that is not empty is used."""
    required: bool = False
    longest: int | None = None
    """Most characters."""
    join: str | None = None
    """The text that joins the values of rows that are otherwise equal. Without it, every row stays a row."""

    def of(self, row: dict[str, str]) -> str:
        """Return the value of the column in a row."""
        texts = (_NAMED.sub(lambda found: row[found[1]], text) for text in self.value)
        return next((text for text in texts if text), "")


class Spread(BaseModel):
    """Columns made of the values of a column of the flat table: one for each value."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    column: Literal["step_title", "level_title", "level_code"]
    origin: Literal["own", "step"]
    """The texts that are spread."""


class Profile(BaseModel):
    """One file for another system."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str
    description: str = ""
    upload: str = ""
    """The place to upload the file."""
    extension: Literal["csv", "dat"] = "csv"
    """`csv`, or `dat` for a file of HCM Data Loader."""
    file: str | None = None
    """The name of the file, if the system requires one."""
    object: str = ""
    """The name of the business object in a file of HCM Data Loader."""
    table: Literal["statements", "levels", "competencies", "faqs", "expectations"]
    """The flat table that the rows come from."""
    effective: bool = False
    """True for the statements that each level effectively asks."""
    needs_track: bool = False
    most_rows: int | None = None
    spread: tuple[Spread, ...] = ()
    """More columns, from the first of these that gives any."""
    columns: tuple[Column, ...]


ProfileOf = TypeVar("ProfileOf", bound=Profile)


def read_profile(data: bytes, name: str) -> Profile:
    """Return the profile in a YAML or JSON file. Raises BadRequest if it is not one."""
    return parse_profile(data, name, Profile)


def parse_profile(data: bytes, name: str, kind: type[ProfileOf]) -> ProfileOf:
    """Return the profile of a class in a YAML or JSON file. Raises BadRequest if it is not one."""
    try:
        written: Any = YAML(typ="safe", pure=True).load(data.decode("utf-8"))
        profile = kind.model_validate(written)
    except (YAMLError, UnicodeDecodeError) as error:
        raise _refusal(f"{name}: this is not YAML: {str(error).splitlines()[0]}.") from None
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(map(str, first["loc"])) or "the whole file"
        raise _refusal(f"{name}: {place}: {in_words(dict(first))}") from None
    known = COLUMNS[profile.table]
    for column in profile.columns:
        for named in _NAMED.findall(" ".join(column.value)):
            if named not in known:
                meant = did_you_mean(named, known)
                raise _refusal(
                    f"{name}: {column.header}: the table {profile.table} has no column {named!r}.{meant}"
                )
    return profile


@cache
def profiles() -> dict[str, Profile]:
    """Return the profiles of this software by name."""
    return {path.stem: read_profile(path.read_bytes(), path.name) for path in sorted(_DATA.glob("*.yaml"))}


def get_profile(name: str) -> Profile:
    """Return a profile of this software. Raises NotFound."""
    found = profiles().get(name)
    if found is None:
        raise NotFound(f"There is no export profile {name[:80]!r}.{did_you_mean(name, profiles())}")
    return found


def _refusal(detail: str) -> BadRequest:
    return BadRequest(detail, faults=[Fault(detail)])
