"""Many values a few at a time: databases bound the values of a statement, and memory what is held at once."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

Value = TypeVar("Value")


def chunks(values: Iterable[Value], size: int) -> Iterator[list[Value]]:
    """Yield lists of at most `size` values, in their order."""
    remaining = iter(values)
    while chunk := list(islice(remaining, size)):
        yield chunk
