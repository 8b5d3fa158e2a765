"""TOML tables that are read key by key and complain in the author's words: file, key, value, and how to mend it."""

import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any, NoReturn

from hocvu.errors import AuthoringError


class Table:
    """One table of a TOML file. Every key is asked for once; finish() refuses keys nobody asked for."""

    def __init__(self, file: str, place: str, values: Mapping[str, Any]) -> None:
        self.file = file
        self.place = place  # e.g. "module 3" or "unit"; empty for the top of the file
        self._values = values
        self._asked: set[str] = set()

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys that are there, in the file's order."""
        return tuple(self._values)

    def text(self, key: str, *, default: str | None = None) -> str:
        value = self._get(key, default)
        if not isinstance(value, str):
            self.fail(key, value, "Write a text in double quotes.")
        if not value.strip() and default is None:
            self.fail(key, value, "Write a text that is not empty.")
        return value

    def texts(self, key: str, *, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
        value = self._get(key, default)
        if not isinstance(value, (list, tuple)) or not all(isinstance(one, str) and one.strip() for one in value):
            self.fail(key, value, 'Write a list of texts, e.g. ["NL1", "NL2"].')
        return tuple(value)

    def integer(self, key: str, *, low: int, high: int, default: int | None = None) -> int:
        value = self._get(key, default)
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            self.fail(key, value, f"Write a whole number from {low} to {high}.")
        return value

    def number(self, key: str, *, low: float, high: float, default: float | None = None) -> float:
        value = self._get(key, default)
        if not isinstance(value, (int, float)) or isinstance(value, bool) or not low <= value <= high:
            self.fail(key, value, f"Write a number from {low:g} to {high:g}.")
        return float(value)

    def share(self, key: str, *, default: float | None = None) -> float:
        return self.number(key, low=0, high=1, default=default)

    def flag(self, key: str, *, default: bool | None = None) -> bool:
        value = self._get(key, default)
        if not isinstance(value, bool):
            self.fail(key, value, "Write true or false.")
        return value

    def day(self, key: str) -> date:
        value = self.day_or_none(key)
        if value is None:
            self.fail(key, None, "Write a date, e.g. 2026-11-23.")
        return value

    def day_or_none(self, key: str) -> date | None:
        if key not in self._values:
            self._asked.add(key)
            return None
        value = self._get(key, None)
        if not isinstance(value, date) or isinstance(value, datetime):
            self.fail(key, value, "Write a date without quotes, e.g. 2026-11-23.")
        return value

    def table(self, key: str) -> "Table":
        value = self._get(key, None)
        if not isinstance(value, dict):
            self.fail(key, value, f"Write a table [{key}].")
        return Table(self.file, f"{self.place}, {key}".lstrip(", "), value)

    def tables(self, key: str, named_by: str) -> "list[Table]":
        """The tables of an array [[key]]; each is called after its own key `named_by` in messages."""
        value = self._get(key, None)
        if not isinstance(value, list) or not value or not all(isinstance(one, dict) for one in value):
            self.fail(key, value, f"Write at least one table [[{key}]].")
        return [Table(self.file, f"{key} {one.get(named_by, position)}", one) for position, one in enumerate(value, 1)]

    def mapping(self, key: str) -> dict[str, str]:
        value = self._get(key, None)
        if not isinstance(value, dict) or not all(isinstance(one, str) for one in value.values()):
            self.fail(key, value, f"Write a table of texts [{key}].")
        return dict(value)

    def finish(self) -> None:
        """Raise for a key that was never asked for: a slip of the pen must not become a silent default."""
        for key in self._values:
            if key not in self._asked:
                known = ", ".join(sorted(self._asked))
                self.fail(key, self._values[key], f"This key is not known. Known here: {known}.")

    def fail(self, key: str, value: object, mend: str) -> NoReturn:
        where = f"{self.file}, {self.place}" if self.place else self.file
        said = "missing" if value is None else repr(value)
        raise AuthoringError(f"{where}: {key} is {said}. {mend}")

    def _get(self, key: str, default: object) -> Any:
        self._asked.add(key)
        return self._values.get(key, default)


def read_table(root: Path, name: str) -> Table:
    """The whole of course/<name> as a Table. Raises AuthoringError if it is absent or not TOML."""
    file = f"course/{name}"
    try:
        values = tomllib.loads((root / "course" / name).read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise AuthoringError(
            f"{file}: there is no such file. Start hocvu in the course root, or set HOCVU_ROOT."
        ) from error
    except UnicodeDecodeError as error:
        raise AuthoringError(f"{file}: byte {error.start} is not UTF-8. Save the file as UTF-8.") from error
    except tomllib.TOMLDecodeError as error:
        raise AuthoringError(f"{file}: not TOML: {error}. Mend that place.") from error
    return Table(file, "", values)
