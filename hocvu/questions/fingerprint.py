"""Whether two versions of an item ask the same, and whether they grade the same: hashes of what was compiled."""

import hashlib
import json
from collections.abc import Mapping, Sequence, Set
from dataclasses import fields, is_dataclass
from functools import partial
from types import CodeType, FunctionType, ModuleType
from typing import Any

from hocvu.questions.assignment import ItemSpec

OURS = "hocvu."  # functions of this package are named; what they do is the engine's version


def question_hash(item: ItemSpec) -> str:
    """Return the hash of all that the learner was asked: type, texts, options. An old answer fits only the same."""
    return _hash(_plain(item.question))


def content_hash(item: ItemSpec) -> str:
    """Return the hash of all that decides the points: question, key with its feedback, max_points."""
    return _hash([_plain(item.question), _plain(item.key), float(item.max_points)])


def _hash(content: Any) -> str:
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any, seen: frozenset[int] = frozenset()) -> Any:
    """Return JSON that is the same in every process for the same content; the order of options does not matter."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if id(value) in seen:
        return "again"
    seen = seen | {id(value)}
    if is_dataclass(value) and not isinstance(value, type):
        content = {field.name: _plain(getattr(value, field.name), seen) for field in fields(value)}
        return {"type": type(value).__name__, **content}
    if isinstance(value, Mapping):
        return {str(key): _plain(one, seen) for key, one in value.items()}
    if isinstance(value, Set):
        return sorted(json.dumps(_plain(one, seen), ensure_ascii=False, sort_keys=True) for one in value)
    if isinstance(value, Sequence) and not isinstance(value, bytes):
        return [_plain(one, seen) for one in value]
    if isinstance(value, partial):
        return ["partial", *(_plain(one, seen) for one in (value.func, value.args, value.keywords))]
    if isinstance(value, FunctionType):
        return _function(value, seen)
    return _other(value, seen)


def _function(function: FunctionType, seen: frozenset[int]) -> Any:
    """A function of the notebook, by what it does and what it calls on; its file name and lines may change."""
    if function.__module__.startswith(OURS):
        return f"{function.__module__}.{function.__qualname__}"
    closed_over = [_plain(cell.cell_contents, seen) for cell in function.__closure__ or ()]
    used = {name: function.__globals__[name] for name in _names(function.__code__) if name in function.__globals__}
    around = {name: _plain(one, seen) for name, one in used.items() if not isinstance(one, ModuleType | type)}
    return ["function", _code(function.__code__), _plain(function.__defaults__, seen), closed_over, around]


def _code(code: CodeType) -> Any:
    constants = [_code(one) if isinstance(one, CodeType) else _plain(one) for one in code.co_consts]
    return ["code", code.co_code.hex(), constants, list(code.co_names), list(code.co_varnames)]


def _names(code: CodeType) -> set[str]:
    inner = (_names(one) for one in code.co_consts if isinstance(one, CodeType))
    return set(code.co_names).union(*inner)


def _other(value: Any, seen: frozenset[int]) -> Any:
    name = f"{type(value).__module__}.{type(value).__qualname__}"
    if isinstance(value, bytes | complex | type) or value is Ellipsis:
        return [name, repr(value)]
    return [name, _plain(getattr(value, "__dict__", {}), seen)]
