"""Two ways to use a page: with a mouse, and with the keyboard alone."""

from pathlib import Path
from typing import Final, Protocol

from playwright.sync_api import Locator, Page, expect

_MOST_STOPS: Final = 150
"""The most presses of Tab that anything on a page may need."""
_HAS_FOCUS: Final = "one => one === document.activeElement"


class Hands(Protocol):
    """A person at a page."""

    def press(self, control: Locator) -> None:
        """Follow a link or press a button."""

    def write(self, control: Locator, text: str) -> None:
        """Fill in a field that holds a text, perhaps an older one."""

    def pick(self, control: Locator) -> None:
        """Choose a radio button."""

    def upload(self, control: Locator, file: Path) -> None:
        """Choose a file."""


class Mouse:
    """A person who clicks."""

    def press(self, control: Locator) -> None:
        control.click()

    def write(self, control: Locator, text: str) -> None:
        control.fill(text)

    def pick(self, control: Locator) -> None:
        control.check()

    def upload(self, control: Locator, file: Path) -> None:
        control.set_input_files(file)


class Keyboard:
    """A person who presses Tab, Enter, Space and arrows, and types."""

    def __init__(self, page: Page) -> None:
        self._page = page
        page.on("filechooser", lambda _: None)  # with a listener, no window of the system opens

    def press(self, control: Locator) -> None:
        self._reach(control)
        self._page.keyboard.press("Enter")

    def write(self, control: Locator, text: str) -> None:
        """Type into a field. A date is typed as this browser's language writes it."""
        self._reach(control)
        if control.get_attribute("type") == "date":
            year, month, day = text.split("-")
            self._page.keyboard.type(month + day + year)
        else:
            self._page.keyboard.press("ControlOrMeta+a")
            self._page.keyboard.type(text)
        expect(control).to_have_value(text)

    def pick(self, control: Locator) -> None:
        """Choose with the arrows from the radio button of the group that Tab reaches, or with Space."""
        name = control.get_attribute("name")
        group = self._page.locator(f"input[type=radio][name='{name}']")
        chosen = group.and_(self._page.locator(":checked"))
        self._reach(chosen if chosen.count() else group.first)
        for _ in range(group.count()):
            if control.is_checked():
                return
            self._page.keyboard.press("Space" if control.evaluate(_HAS_FOCUS) else "ArrowDown")
        expect(control).to_be_checked()

    def upload(self, control: Locator, file: Path) -> None:
        self._reach(control)
        with self._page.expect_file_chooser() as chooser:
            self._page.keyboard.press("Space")
        chooser.value.set_files(file)

    def _reach(self, control: Locator) -> None:
        """Press Tab until a control has the focus, which must then be visible."""
        expect(control).to_be_visible()
        for _ in range(_MOST_STOPS):
            if control.evaluate(_HAS_FOCUS):
                break
            self._page.keyboard.press("Tab")
        expect(control).to_be_focused()
        assert control.evaluate("one => getComputedStyle(one).outlineStyle") != "none"
