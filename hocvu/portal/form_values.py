"""Small things in forms: a day, a number, one line of text."""

from datetime import date

from starlette.datastructures import FormData

from hocvu.portal.access import field


def day_of(form: FormData, name: str) -> date | None:
    """Return a day as the browser's date field sends it; None for nothing and for what is no day."""
    try:
        return date.fromisoformat(field(form, name))
    except ValueError:
        return None


def line_of(form: FormData, name: str, longest: int) -> str:
    """Return one line of text, its spaces put in order, no longer than asked."""
    return " ".join(field(form, name).split())[:longest]
