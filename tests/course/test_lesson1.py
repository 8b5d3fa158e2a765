"""Lesson 1 runs, cites what it claims, and its figures are the ones measured."""

import json
import re
from pathlib import Path
from statistics import mean

import pytest

from hocvu.datasets.naive_bayes import train
from hocvu.datasets.reports1022 import Report, generate_reports, without_marks
from hocvu.labs.pictures import three_kinds
from hocvu.labs.rules import Rule, learned_model, run_model, run_rules

CITED = re.compile(r"căn cứ: `([a-z0-9-]+)`, kiểm tra ngày (\d\d)/(\d\d)/(\d{4}); mức chắc chắn: (F\d)")
TWELVE = "xe buýt BUYT,karaoke ONAO,nhạc ONAO,ồn ONAO,rác RAC,ngập NGAP,cống NGAP,đèn CAYDEN,cây CAYDEN,vỉa hè VIAHE,"
TWELVE += "đường HATANG,hồ sơ TTHC"
FIFTEEN = f"{TWELVE},thủ tục TTHC,hẹn TTHC,giấy TTHC"


@pytest.fixture(scope="module")
def lesson(root: Path) -> Path:
    return root / "course/01-ai-quanh-ta/lesson.ipynb"


@pytest.fixture(scope="module")
def text(lesson: Path) -> str:
    return "\n".join("".join(cell["source"]) for cell in json.loads(lesson.read_text(encoding="utf-8"))["cells"])


def shares(rules: str, samples: list[tuple[Report, ...]]) -> list[float]:
    parsed = tuple(Rule(*line.rsplit(" ", 1)) for line in rules.split(","))
    return [run_rules(parsed, sample).share for sample in samples]


def test_the_figures_of_the_rules_are_measured(text: str) -> None:
    samples = [generate_reports(200, seed) for seed in range(500, 700)]
    bare = [tuple(map(without_marks, sample)) for sample in samples]
    reached = shares(FIFTEEN, samples)
    assert abs(mean(reached) - 0.60) < 0.01 and "trung bình khoảng 60%" in text
    assert min(reached) == pytest.approx(0.515) and "chỉ đúng 51,5%" in text
    assert max(reached) == pytest.approx(0.675) and "67,5%" in text
    assert round(100 * mean(shares(TWELVE, samples))) == 43 and "khoảng 43%" in text
    assert mean(shares(FIFTEEN, bare)) < 0.01 and "chưa tới 1%" in text


def test_the_figures_of_the_model_are_measured(text: str) -> None:
    unseen = generate_reports(2000, 99)
    bare = tuple(map(without_marks, unseen))
    assert round(100 * run_model(learned_model(), unseen).share) == 83 and "khoảng 83%" in text
    assert round(100 * run_model(learned_model(), bare).share) == 62 and "khoảng 62%" in text
    again = [train((one.text, one.category) for one in generate_reports(320, seed)) for seed in range(2000, 2020)]
    reached = [run_model(model, unseen).share for model in again]
    assert [round(100 * share) for share in (min(reached), max(reached))] == [81, 85]
    lost = [run_model(model, bare).share for model in again]
    assert [round(100 * share) for share in (min(lost), max(lost))] == [34, 63]


def test_the_drawing_has_its_content_as_text() -> None:
    picture = three_kinds()
    for name in ("Luật cứng", "AI dự đoán", "AI tạo sinh"):
        assert name in picture.text
    assert picture.text in picture._repr_html_()
