"""`docs/reference/settings.md` and `.env.example` list every setting correctly, and only existing ones."""

import re
from pathlib import Path
from typing import Literal, get_args, get_origin

from pydantic.fields import FieldInfo

from app.field_descriptions import descriptions
from app.settings import RemoteSettings, Settings

ROOT = Path(__file__).parents[2]
PREFIX = str(Settings.model_config["env_prefix"])


def variable(name: str, field: FieldInfo) -> str:
    """The environment variable of a setting."""
    return str(field.validation_alias or f"{PREFIX}{name.upper()}")


def default(field: FieldInfo) -> str:
    """The default of a setting, written as in a file of environment variables."""
    value = field.get_default(call_default_factory=True, validated_data={})
    return str(value).lower() if isinstance(value, bool) else "" if value is None else str(value)


def meaning(field: FieldInfo, description: str) -> str:
    """The description of a setting on one line, with the values it takes where they are few."""
    values = get_args(field.annotation) if get_origin(field.annotation) is Literal else ()
    one_of = f" One of {', '.join(f'`{value}`' for value in values)}." if values else ""
    return f"{' '.join(description.split())}{one_of}"


SETTINGS = {
    variable(name, field): field
    for settings in (Settings, RemoteSettings)
    for name, field in settings.model_fields.items()
}

MEANINGS = {
    variable(name, settings.model_fields[name]): text
    for settings in (Settings, RemoteSettings)
    for name, text in descriptions(settings).items()
}

LINKS = {"LADDER_SERVICE_HOST"}
"""What the page names because it is no setting."""


def test_the_page_has_every_setting_with_default_and_meaning_and_no_other() -> None:
    text = (ROOT / "docs/reference/settings.md").read_text("utf-8")
    rows = re.findall(r"^\| `([A-Z_]+)` \| (?:`([^`]+)`|empty) \| (.+) \|$", text, re.MULTILINE)
    assert rows == [
        (name, default(field), meaning(field, MEANINGS[name])) for name, field in SETTINGS.items()
    ]


def test_the_example_file_has_every_setting_with_its_default_and_no_other() -> None:
    text = (ROOT / ".env.example").read_text("utf-8")
    own_part, _, _compose_part = text.partition("# Only for compose.yaml\n")
    assert re.findall(r"^# ([A-Z_]+)=(.*)$", own_part, re.MULTILINE) == [
        (name, default(field)) for name, field in SETTINGS.items()
    ]


def test_pages_name_only_existing_settings() -> None:
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), ROOT / "compose.yaml", ROOT / "Dockerfile"]
    named = {name for page in pages for name in re.findall(rf"\b{PREFIX}[A-Z_]+\b", page.read_text("utf-8"))}
    assert named - LINKS <= SETTINGS.keys()
