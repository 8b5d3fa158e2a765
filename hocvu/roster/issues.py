"""What the check found, row by row: errors keep the file from being applied, notes only want to be read."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

SHOWN = 40  # characters of a value
KEPT_ERRORS = 100_000
KEPT_NOTES = 500  # of one kind


@dataclass(frozen=True, slots=True)
class Issue:
    """One finding. row: as the spreadsheet numbers it; column: its name, "" for the whole row."""

    row: int
    column: str
    value: str
    what: str
    mend: str
    is_error: bool = True


class Issues:
    """All findings of one check. Every error is counted; beyond KEPT_ERRORS they are not listed one by one."""

    def __init__(self) -> None:
        self.kept: list[Issue] = []
        self.errors = 0
        self.notes = 0
        self._of_kind: Counter[str] = Counter()

    def error(self, row: int, column: str, value: object, what: str, mend: str) -> None:
        self.errors += 1
        if self.errors <= KEPT_ERRORS:
            self.kept.append(Issue(row, column, shorten(value), what, mend))

    def note(self, row: int, column: str, value: object, what: str, mend: str, kind: str = "") -> None:
        """kind: notes of one kind are listed up to KEPT_NOTES and counted beyond."""
        self.notes += 1
        self._of_kind[kind or what] += 1
        if self._of_kind[kind or what] <= KEPT_NOTES:
            self.kept.append(Issue(row, column, shorten(value), what, mend, is_error=False))

    def in_order(self) -> list[Issue]:
        """Errors first, each by row."""
        return sorted(self.kept, key=lambda one: (not one.is_error, one.row))

    def not_listed(self) -> int:
        return self.errors + self.notes - len(self.kept)

    def __iter__(self) -> Iterator[Issue]:
        return iter(self.kept)


def shorten(value: object) -> str:
    """Return a value short enough for a table, without line breaks."""
    text = " ".join(str(value).split())
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"
