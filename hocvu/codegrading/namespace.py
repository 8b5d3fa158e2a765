"""The names of a test: its own, the instructor's set-up, Python's, and only then the learner's, by value."""

import builtins
from typing import Any, NoReturn, Protocol


class Source(Protocol):
    """Where the learner's values come from."""

    def lookup(self, name: str) -> Any: ...

    def refuse(self, what: str) -> NoReturn: ...


class TestNamespace(dict[str, Any]):
    """A module's globals. Python asks `__missing__` for a name that is not there, inside functions too."""

    __test__ = False

    def __init__(self, source: Source) -> None:
        super().__init__(__name__="__main__", __builtins__=builtins)
        self._source = source
        self._learner: frozenset[str] = frozenset()
        self._trusted: frozenset[str] = frozenset()
        self._poisoned: set[str] = set()
        self._fetched: dict[str, Any] = {}

    def begin(self, message: dict[str, Any]) -> None:
        """Take the rules of the next cell: which names are the learner's, which never."""
        self._learner = frozenset(message["learner"])
        self._trusted = frozenset(message["trusted"])
        self._fetched.clear()
        for name in self._learner:
            self.pop(name, None)

    def poison(self, names: list[str]) -> None:
        """Names that a set-up cell could not make by value: using one is NotByValue."""
        self._poisoned.update(name for name in names if name not in self)

    def forget_values(self) -> None:
        """A learner's function is about to run: plain values may change, so they are fetched again afterwards."""
        for name in [name for name, value in self._fetched.items() if not callable(value)]:
            del self._fetched[name]

    def __missing__(self, name: str) -> Any:
        if name in self._poisoned:
            self._source.refuse(f"{name} comes from a set-up cell that cannot run apart from the learner's code")
        if name in self._trusted or (hasattr(builtins, name) and name not in self._learner):
            raise KeyError(name)
        if name not in self._fetched:
            self._fetched[name] = self._source.lookup(name)
        return self._fetched[name]

    def __contains__(self, name: object) -> bool:
        if dict.__contains__(self, name):
            return True
        try:
            self[str(name)]
        except KeyError:
            return False
        return True
