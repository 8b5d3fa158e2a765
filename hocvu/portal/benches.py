"""Which benches have a page of their own, and how their outcome is drawn there."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from hocvu.labs.bench import Bench
from hocvu.labs.benches import BENCHES
from hocvu.labs.keyword_rules_html import bench_html
from hocvu.portal.services import Assignment
from hocvu.questions.base import Question
from hocvu.questions.experiment import Experiment


@dataclass(frozen=True)
class BenchFace:
    """draw: the outcome of (setting, seed, written without diacritics); the rest are the page's words."""

    draw: Callable[[Any, int, bool], str]
    title: str
    setting: str  # what the learner makes there, e.g. "bộ luật"
    invitation: str
    first_step: str
    has_writing: bool = False  # can be run on the same texts without diacritics


_KEYWORD_RULES = BenchFace(
    bench_html,
    title="Bàn luật từ khóa",
    setting="bộ luật",
    invitation="Thử trên 60 phản ánh của anh/chị",
    first_step="Điền từ khóa và lĩnh vực rồi bấm «Chạy thử» để thấy kết quả trên 60 phản ánh của riêng anh/chị.",
    has_writing=True,
)


def face_of(bench: Bench) -> BenchFace:
    """Return how a bench of the lessons looks on a page."""
    return BenchFace(
        lambda setting, seed, _without_marks: bench.outcome(setting, seed),
        title=bench.title,
        setting="thiết lập",
        invitation=bench.invitation,
        first_step="Chọn từng mục rồi bấm «Chạy thử» để thấy kết quả trên dữ liệu của riêng anh/chị.",
    )


FACES: Mapping[str, BenchFace] = {"keyword_rules": _KEYWORD_RULES} | {
    name: face_of(bench) for name, bench in BENCHES.items()
}


def bench_of(question: Question) -> BenchFace | None:
    """Return the bench of an experiment, None for every other question."""
    return FACES.get(question.lab.name) if isinstance(question, Experiment) else None


def experiment_on(assignment: Assignment, bench: str) -> Experiment | None:
    """Return the assignment's experiment that is done on this bench, by the bench's name."""
    questions = (item.question for item in assignment.spec.items)
    return next((one for one in questions if isinstance(one, Experiment) and one.lab.name == bench), None)
