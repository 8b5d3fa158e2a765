"""An assignment as the server grades it: its questions, keys and points."""

from dataclasses import dataclass

from hocvu.errors import UnknownItem
from hocvu.notebooks import Notebook
from hocvu.questions.base import Question, number_of
from hocvu.questions.values import Key


@dataclass(frozen=True)
class ItemSpec:
    """One graded item: question, key and points, and the notebook cell it came from."""

    question: Question
    key: Key
    max_points: float
    cell_index: int

    @property
    def id(self) -> str:
        return self.question.id


@dataclass(frozen=True)
class AssignmentSpec:
    """An assignment as the server grades it. version: first 12 hex digits of the source notebook's SHA-256."""

    slug: str
    version: str
    items: tuple[ItemSpec, ...]
    notebook: Notebook

    @property
    def max_points(self) -> float:
        return sum(item.max_points for item in self.items)

    def item(self, item_id: str) -> ItemSpec:
        """Return the item; raises UnknownItem."""
        for item in self.items:
            if item.id == item_id:
                return item
        raise UnknownItem(
            f'Bài tập {self.slug} không có câu "{number_of(item_id)}". Anh/chị tải lại trang rồi làm tiếp.'
        )
