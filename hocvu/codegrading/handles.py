"""What a test sees of a learner's function or object: a handle. The object stays in the sandbox.

Arguments and results cross by value, and nothing else does. A handle never says yes to a comparison with a value of
the test, because then the learner's class would decide, and would be told the expected value.
"""

import types
from typing import Any, NoReturn, Protocol

BUILTIN_KINDS: dict[str, type] = {
    "function": types.FunctionType, "builtin": types.BuiltinFunctionType, "method": types.MethodType,
    "generator": types.GeneratorType, "map": map, "filter": filter, "zip": zip, "enumerate": enumerate,
    "reversed": reversed, "class": type, "object": object,
}  # fmt: skip
OPERATORS = (
    "__add__", "__radd__", "__sub__", "__rsub__", "__mul__", "__rmul__", "__truediv__", "__rtruediv__", "__floordiv__",
    "__rfloordiv__", "__mod__", "__rmod__", "__pow__", "__rpow__", "__matmul__", "__rmatmul__", "__and__", "__rand__",
    "__or__", "__ror__", "__xor__", "__rxor__", "__neg__", "__abs__", "__invert__", "__int__", "__float__",
    "__index__", "__round__", "__enter__", 
    "__lt__", "__le__", "__gt__", "__ge__", "__len__", "__iter__", "__next__", "__getitem__", "__contains__",
)  # fmt: skip
_ASKED = ("__len__", "__iter__", "__next__", "__getitem__", "__contains__")
_SCORING = frozenset({"score"})


class Line(Protocol):
    """How a handle reaches the sandbox; raises what the learner's code raised."""

    def call(self, handle: int, method: str | None, args: Any, kwargs: Any) -> Any: ...

    def attr(self, handle: int, name: str) -> Any: ...

    def set_attr(self, handle: int, name: str, value: Any) -> None: ...

    def refuse(self, what: str) -> NoReturn:
        """Raise NotByValue, and remember it; `what` says what the test tried, and what to write instead."""


class Handle:
    """An object that stays in the sandbox: attributes and methods by value."""

    __slots__ = ("_handle_line", "_handle_told")

    def __init__(self, line: Line, told: dict[str, Any]) -> None:
        object.__setattr__(self, "_handle_line", line)
        object.__setattr__(self, "_handle_told", told)

    def __getattr__(self, name: str) -> Any:
        line, told = _parts(self)
        if name.startswith("__array"):
            line.refuse(
                f"numpy cannot look into a {told['type']} of the learner; let the test ask for a list or an array"
            )
        if name.startswith("__") and name != "__name__" and name != "__doc__":
            raise AttributeError(name)
        if name in _SCORING:
            line.refuse(
                ".score(X, y) would let the learner's object grade itself; compare y with .predict(X) in the test"
            )
        value = line.attr(told["id"], name)
        if is_handle(value) and told_of(value).get("kind") in ("method", "function", "builtin"):
            return Method(line, told["id"], name)
        return value

    def __setattr__(self, name: str, value: Any) -> None:
        line, told = _parts(self)
        line.set_attr(told["id"], name, value)

    def __eq__(self, other: object) -> bool:
        if not is_handle(other):
            return False
        line, told = _parts(self)
        if told["id"] == told_of(other)["id"]:
            return True
        return line.refuse("two of the learner's objects are compared; compare their attributes instead")

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash(_parts(self)[1]["id"])

    def __instancecheck__(self, instance: Any) -> bool:
        return _parts(self)[0].refuse("isinstance() with the learner's class: test what its objects do")

    __subclasscheck__ = __instancecheck__

    def __bool__(self) -> bool:
        return True

    def __str__(self) -> str:
        return _text(self, "__str__")

    def __repr__(self) -> str:
        return _text(self, "__repr__")

    @property  # type: ignore[misc]
    def __class__(self) -> type:
        line, told = _parts(self)
        if told.get("kind") in BUILTIN_KINDS:
            return BUILTIN_KINDS[told["kind"]]
        return line.refuse(
            "isinstance() of a learner's object: only the learner's side knows its class; test what it does"
        )


class CallableHandle(Handle):
    """A function, a class or another callable that stays in the sandbox."""

    __slots__ = ()

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        line, told = _parts(self)
        return line.call(told["id"], None, args, kwargs)


class Method:
    """A bound method of a handle."""

    def __init__(self, line: Line, handle: int, name: str) -> None:
        self._line = line
        self._handle = handle
        self.__name__ = name

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._line.call(self._handle, self.__name__, args, kwargs)


def is_handle(value: object) -> bool:
    """Tell whether `value` stays in the sandbox; isinstance would ask the learner's side."""
    return type(value) in (Handle, CallableHandle)


def told_of(handle: Any) -> dict[str, Any]:
    """Return what the guest claims of the object."""
    return _parts(handle)[1]


def _parts(handle: Handle) -> tuple[Line, dict[str, Any]]:
    told: dict[str, Any] = object.__getattribute__(handle, "_handle_told")
    line: Line = object.__getattribute__(handle, "_handle_line")
    return line, told


def _text(handle: Handle, method: str) -> str:
    line, told = _parts(handle)
    value = line.call(told["id"], method, (), {})
    return value if type(value) is str else f"<{told['type']}>"


def _asked(name: str) -> Any:
    def operate(self: Handle, *args: Any) -> Any:
        line, told = _parts(self)
        if name not in told["operators"]:
            raise TypeError(f"{told['type']!r} object does not support {name}")
        value = line.call(told["id"], name, args, {})
        return self if name == "__iter__" and is_handle(value) and told_of(value)["id"] == told["id"] else value

    operate.__name__ = name
    return operate


def _refused(name: str) -> Any:
    def operate(self: Handle, *_args: Any) -> Any:
        line, told = _parts(self)
        if name in told["operators"]:
            line.refuse(
                f"{name} of a {told['type']} of the learner: its class would decide; compare attributes instead"
            )
        raise TypeError(f"unsupported operand type: {told['type']!r}")

    operate.__name__ = name
    return operate


for _name in _ASKED:
    setattr(Handle, _name, _asked(_name))
for _name in (name for name in OPERATORS if name not in _ASKED):
    setattr(Handle, _name, _refused(_name))
