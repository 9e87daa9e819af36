"""Forms in pages, read as a browser fills them in, for tests that send them back."""

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class PageForm:
    """One form of a page: where it goes, and the fields that a browser would send as they are."""

    action: str
    name: str
    fields: dict[str, str] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)
    """The values of each menu and group of radio buttons."""


class _Forms(HTMLParser):
    """Collects the forms of a page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[PageForm] = []
        self._text: str | None = None
        self._menu: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(PageForm(given.get("action", ""), given.get("class", "")))
        if not self.forms:
            return
        form, name = self.forms[-1], given.get("name", "")
        if tag == "textarea":
            self._text, form.fields[name] = name, ""
        elif tag == "select":
            self._menu, form.choices[name] = name, []
        elif tag == "option" and self._menu:
            form.choices[self._menu].append(given["value"])
            if "selected" in given or self._menu not in form.fields:
                form.fields[self._menu] = given["value"]
        elif tag == "input" and given.get("type") in {"radio", "checkbox"}:
            form.choices.setdefault(name, []).append(given.get("value", "on"))
            if "checked" in given:
                form.fields[name] = given.get("value", "on")
        elif tag == "input" and name:
            form.fields[name] = given.get("value", "").replace("\n", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._text is not None:
            form = self.forms[-1]
            # A browser drops the line end that follows the tag, and sends every other as CRLF.
            form.fields[self._text] = form.fields[self._text].removeprefix("\n").replace("\n", "\r\n")
            self._text = None
        elif tag == "select":
            self._menu = None

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self.forms[-1].fields[self._text] += data


def forms_in(text: str) -> list[PageForm]:
    """Return the forms of a page, in order."""
    parser = _Forms()
    parser.feed(text.replace("\r\n", "\n"))
    return parser.forms


def form_in(text: str, name: str = "edit") -> PageForm:
    """Return the one form of a page with that class."""
    (found,) = (form for form in forms_in(text) if form.name == name)
    return found
