"""What can go wrong between a test and a learner's value."""

from typing import Any


class NotByValue(BaseException):
    """A test asks for something that cannot cross by value: an authoring error, reviewed by a person, never points.

    Not an Exception, so that a test's own `except Exception` does not take it for the learner's mistake.
    """


class BadValue(ValueError):
    """A value from the guest is not in the form that we agreed on."""


class LearnerError(Exception):
    """The learner's function raised something that has no built-in counterpart here."""


class NotCarried(Exception):
    """Inside the guest: a value is too large or too deep to be sent."""


def shorten(value: Any, length: int = 200) -> str:
    """Return str(value), cut to `length` characters."""
    text = str(value)
    return text if len(text) <= length else text[:length] + "…"
