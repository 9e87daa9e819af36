"""The errors of a form: a summary on top, and each message at its field.

A field of a form has the name of its place in the value that the form makes, with dots: `statements.0.text` for
`/statements/0/text`. So a fault of a body leads to its field.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Self

from app.errors import Fault, LadderError

_NO_NAMES: Final[Mapping[str, str]] = {}


@dataclass(frozen=True, slots=True)
class FieldError:
    """One error of a form."""

    field: str
    """The name of the field, which is also the id of its control; empty for the form as a whole."""
    message: str


@dataclass(frozen=True, slots=True)
class FormErrors:
    """All errors of a form, in order. A form without errors has an empty one."""

    errors: tuple[FieldError, ...] = ()

    @classmethod
    def of(
        cls, refused: LadderError, fields: Iterable[str] = (), names: Mapping[str, str] = _NO_NAMES
    ) -> Self:
        """Return the errors of a refused form.

        Args:
            refused: The error, whose faults have JSON Pointers or parameters.
            fields: The names of the fields in the form. A fault of anything else is shown for the whole form.
            names: The field of a parameter or pointer if its name differs, such as `{"/slug": "name"}`.
        """
        known = frozenset(fields)
        faults = refused.faults or (Fault(refused.detail),)
        return cls(tuple(FieldError(_field(fault, known, names), fault.detail) for fault in faults))

    @classmethod
    def about(cls, message: str, field: str = "") -> Self:
        """Return the one error of a field, or of the whole form."""
        return cls((FieldError(field, message),))

    def at(self, field: str) -> str:
        """Return the message of a field; empty if it has no error."""
        return next((error.message for error in self.errors if error.field == field), "")

    def __bool__(self) -> bool:
        """Tell whether there are errors."""
        return bool(self.errors)

    def __iter__(self) -> Iterator[FieldError]:
        """Yield the errors in order."""
        return iter(self.errors)


def field_of(pointer: str) -> str:
    """Return the name of the field for a JSON Pointer: `statements.0.text` for `/statements/0/text`."""
    return pointer.strip("/").replace("/", ".")


def _field(fault: Fault, known: frozenset[str], names: Mapping[str, str]) -> str:
    place = fault.parameter or fault.pointer or ""
    parts: Sequence[str] = names.get(place, field_of(place)).split(".")
    for end in range(len(parts), 0, -1):  # the field itself, else the one that it is part of
        name = ".".join(parts[:end])
        if not known or name in known:
            return name
    return ""
