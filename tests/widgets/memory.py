"""A store for tests of the notebook's face: `broken` makes it refuse, as a lost connection would."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from hocvu.widgets.stores import TRIES_AGAIN, NotSaved


class Memory:
    """Answers in memory."""

    def __init__(self, **answers: object) -> None:
        self.seed = 7
        self.answers: dict[str, Any] = {name.replace("_", "-"): raw for name, raw in answers.items()}
        self.confidence: dict[str, int] = {}
        self.broken = False
        self.watchers: list[Callable[[Collection[str], str], None]] = []

    def save(self, changes: Mapping[str, object]) -> None:
        self.answers = {name: raw for name, raw in {**self.answers, **changes}.items() if raw is not None}
        if self.broken:
            raise NotSaved(TRIES_AGAIN)
        self.tell(changes)

    def save_confidence(self, item_id: str, step: int | None) -> None:
        self.confidence = {name: kept for name, kept in {**self.confidence, item_id: step}.items() if kept is not None}
        if self.broken:
            raise NotSaved(TRIES_AGAIN)
        self.tell([f"chac.{item_id}"])

    def watch(self, watcher: Callable[[Collection[str], str], None]) -> None:
        self.watchers.append(watcher)

    def tell(self, item_ids: Collection[str], problem: str = "") -> None:
        for watcher in self.watchers:
            watcher(item_ids, problem)
