"""Well-known functions and types that a test may hand to a learner's function by name: len, str, math.sqrt, np.mean."""

import importlib
from typing import Any

MODULES = ("builtins", "math", "operator", "statistics", "numpy")


def name_of(value: Any) -> tuple[str, str] | None:
    """Return (module, name) under which both sides find `value`; None if it is not well known."""
    name = getattr(value, "__name__", None)
    module = getattr(value, "__module__", None) or ""
    if not isinstance(name, str) or module.partition(".")[0].lstrip("_") not in MODULES:
        return None
    for candidate in MODULES:
        if candidate.partition(".")[0] == module.partition(".")[0].lstrip("_"):
            try:
                return (candidate, name) if find_named(candidate, name) is value else None
            except (AttributeError, ImportError):
                return None
    return None


def find_named(module: str, name: str) -> Any:
    """Return the object of that name."""
    if module not in MODULES:
        raise ImportError(module)
    return getattr(importlib.import_module(module), name)
