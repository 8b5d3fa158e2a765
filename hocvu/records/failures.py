"""What the store refuses, each with a stable code."""

from hocvu.errors import HocvuError


class BadAnswers(HocvuError):
    """Answers cannot be stored as JSON text (NaN, a broken character)."""

    code = "bad_answers"


class NotRegistered(HocvuError):
    """A result names an item version that register_items has not been given."""

    code = "not_registered"


class DuplicateItem(HocvuError):
    """Two assignments of one period use the same item id."""

    code = "duplicate_item"


class UnknownRecord(HocvuError):
    """A row that must exist does not."""

    code = "unknown_record"
