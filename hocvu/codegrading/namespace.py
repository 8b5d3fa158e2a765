"""The names of a test: its own, the instructor's set-up, Python's, and only then the learner's, by value."""

import builtins
from typing import Any, NoReturn, Protocol

from hocvu.codegrading.handles import is_handle, told_of


class Source(Protocol):
    """Where the learner's values come from."""

    def lookup(self, name: str) -> Any: ...

    def rebind(self, op: str, name: str, handle: int | None = None) -> None: ...

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
        self._rebinds: frozenset[str] = frozenset()
        self._late: frozenset[str] = frozenset()
        self._before: dict[str, Any] = {}  # what a rebound name was, to know it again when it is put back
        self._unbound: set[str] = set()  # names that a test has deleted on the learner's side too
        self._apart: set[str] = set()  # names that a test has given a value which the learner's side does not have

    def begin(self, message: dict[str, Any]) -> None:
        """Take the rules of the next cell: which names are the learner's, which never; what it makes anew.

        late: names that functions on the learner's side look up when called.
        """
        self._learner = frozenset(message["learner"])
        self._trusted = frozenset(message["trusted"])
        self._rebinds = frozenset(message.get("rebinds", ()))
        self._late = frozenset(message.get("late", ()))
        self._apart -= self._learner
        self._unbound -= self._learner
        self._before.clear()
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

    @property
    def seen_otherwise(self) -> str:
        """A name that the learner's functions look up and would find another value under than the test; or ""."""
        return min(self._apart & self._late, default="")

    def __setitem__(self, name: str, value: Any) -> None:
        """Bind a name. The learner's side follows where it can without being told a value of the test."""
        if name not in self._rebinds:
            self._apart.discard(name)
        elif name in self._before and value is self._before[name]:
            self._put_back(name)
        elif is_handle(value):
            self._source.rebind("bind", name, told_of(value)["id"])
            self._apart.discard(name)
        else:
            self._note(name)
            self._apart.add(name)
        super().__setitem__(name, value)

    def __delitem__(self, name: str) -> None:
        """Delete a name on both sides: a learner's function that needs it fails then, as in a notebook."""
        if name in self._rebinds:
            self._note(name)
            value = self[name]
            self._source.rebind("unbind", name)
            self._before.setdefault(name, value)
            self._unbound.add(name)
            self._apart.discard(name)
            self._fetched.pop(name, None)
            self.pop(name, None)
        else:
            super().__delitem__(name)

    def _note(self, name: str) -> None:
        if name not in self._before and name in self._fetched:
            self._before[name] = self._fetched[name]

    def _put_back(self, name: str) -> None:
        if name in self._unbound:
            self._source.rebind("restore", name)
        self._unbound.discard(name)
        self._apart.discard(name)

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
