"""What a module gives to print, to show and to share, all taken from its lesson: nothing is written twice.

A handout is one HTML file that needs nothing beside it. Sections are found by the ids of the lesson's cells.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path

from hocvu.course import Module, Term
from hocvu.errors import AuthoringError
from hocvu.labs.benches import BENCHES
from hocvu.labs.keyword_rules_html import bench_html
from hocvu.labs.requests import TASKS
from hocvu.labs.rules import Rule
from hocvu.labs.self_check import PARTLY, WELL
from hocvu.notebooks import read_notebook
from hocvu.publishing.glossary import explain_terms
from hocvu.publishing.lessons import lesson_page
from hocvu.publishing.pages import Part

SHOWN_SEED = 2027  # the learner whose data the printed pictures show: nobody's
_SHOWN_RULES = tuple(
    Rule(*pair)
    for pair in (("hồ sơ", "TTHC"), ("giấy", "TTHC"), ("đường", "HATANG"), ("rác", "RAC"), ("karaoke", "ONAO"))
)
_HINTS = tuple(TASKS["giao_ban"].hints.values())
# Benches whose first state says nothing in a picture: the settings that posters and slides show instead.
_SHOWN_SETTINGS: Mapping[str, tuple[Mapping[str, str], ...]] = {
    "tu_danh_gia": ({"cau_1": WELL, "cau_2": PARTLY, "cau_4": PARTLY, "cau_8": WELL},),
    "ban_soan_yeu_cau": ({}, {"yeu_cau": " ".join(_HINTS[: len(_HINTS) // 2])}, {"yeu_cau": " ".join(_HINTS)}),
}
_NUMBERED = re.compile(r"<ol>.*?</ol>", re.DOTALL)
_PICTURE = re.compile(r"<svg.*?<title>(.*?)</title>.*?</svg>", re.DOTALL)
_CAPTION_LETTERS = 60


@dataclass(frozen=True)
class Handout:
    """One thing to take home. name: its file's stem; page: the size it prints at."""

    name: str
    title: str
    body: str
    page: str


@dataclass(frozen=True)
class LessonParts:
    """A lesson cut into its cells: cell id → HTML, in order. figures: its pictures, each with a caption."""

    module: Module
    parts: Mapping[str, str]
    figures: tuple[str, ...] = ()

    def section(self, cell_id: str) -> str:
        """Return one cell's HTML; raises AuthoringError if the lesson lacks it."""
        if cell_id not in self.parts:
            raise AuthoringError(
                f"course/{self.module.slug}/lesson.ipynb: no cell with id {cell_id}. Give the section that id."
            )
        return self.parts[cell_id]


def read_lesson(root: Path, module: Module, glossary: Mapping[str, Term]) -> LessonParts:
    """Return the lesson's cells as HTML, benches as they look when first opened. Raises AuthoringError."""
    path = root / "course" / module.slug / "lesson.ipynb"
    ids = [str(cell["id"]) for cell in read_notebook(path)["cells"]]
    parts = lesson_page(path).parts
    drawn = [explain_terms(_html(part), glossary, str(path)) for part in parts]
    figures = [_figure(found) for part in parts for html in _telling(part) for found in _PICTURE.finditer(html)]
    return LessonParts(module, dict(zip(ids, drawn, strict=True)), tuple(figures))


def _html(part: Part) -> str:
    if part.bench in BENCHES:
        return _outcome(part.bench, {})
    if part.bench:
        return bench_html(_SHOWN_RULES, SHOWN_SEED)
    return part.html


def _telling(part: Part) -> list[str]:
    """Return the part's HTML as its pictures tell most: a bench in each of the settings shown."""
    if part.bench in _SHOWN_SETTINGS:
        return [_outcome(part.bench, setting) for setting in _SHOWN_SETTINGS[part.bench]]
    return [_html(part)]


def _outcome(bench_name: str, changed: Mapping[str, str]) -> str:
    bench = BENCHES[bench_name]
    return bench.outcome({**bench.defaults, **changed}, SHOWN_SEED)


def _figure(picture: re.Match[str]) -> str:
    spoken = picture[1]
    caption = spoken if len(spoken) <= _CAPTION_LETTERS else re.split(r"[:.]", spoken, maxsplit=1)[0]
    return f"<figure><figcaption>{caption}</figcaption>{picture[0]}</figure>"


def handouts_of(lesson: LessonParts) -> tuple[Handout, ...]:
    """Return everything a module gives."""
    title = lesson.module.heading
    return (
        Handout("bai-hoc", title, _whole_lesson(lesson), "A4"),
        Handout("the-nho", f"Thẻ nhớ – {title}", f'<main class="memory">{lesson.section("the-nho")}</main>', "A5"),
        Handout("do-hoa", f"Đồ họa – {title}", _infographic(lesson), "A4"),
        Handout("trinh-chieu", f"Trình chiếu – {title}", _slides(lesson), "297mm 167mm"),
    )


def _whole_lesson(lesson: LessonParts) -> str:
    opened = "".join(lesson.parts.values()).replace("<details>", "<details open>")
    alone = re.sub(r'<a href="exercises.ipynb">(.*?)</a>', r"\1", opened)  # a file by itself has nowhere to go
    return f'<main class="lesson">{alone}</main>'


def _findings(lesson: LessonParts) -> str:
    """Return the numbered list of what the lesson found; nothing for the start-up, which measures nothing."""
    if lesson.module.number == "0":
        return ""
    found = _NUMBERED.search(lesson.section("dieu-vua-thay"))
    if found is None:
        raise AuthoringError(
            f"course/{lesson.module.slug}/lesson.ipynb, cell dieu-vua-thay: no numbered list. Write 1. 2. 3. there."
        )
    return found[0]


def _take_aways(lesson: LessonParts) -> str:
    return re.sub(r"<h2.*?</h2>", "", lesson.section("ba-dieu"), flags=re.DOTALL)


def _found(lesson: LessonParts) -> str:
    findings = _findings(lesson)
    return f"<section><h2>Điều vừa thấy</h2>{findings}</section>" if findings else ""


def _infographic(lesson: LessonParts) -> str:
    module = lesson.module
    pictures = "".join(lesson.figures[-2:])
    return (
        f'<main class="poster"><header><p class="kind">{module.kind} · {module.minutes} phút</p>'
        f"<h1>{escape(module.title)}</h1><p>{escape(module.summary)}</p></header>"
        f'{_found(lesson)}<section class="pictures">{pictures}'
        f"<p>Dữ liệu mô phỏng.</p></section><section><h2>Mang về</h2>{_take_aways(lesson)}</section></main>"
    )


def _slides(lesson: LessonParts) -> str:
    module = lesson.module
    slides = [
        f'<div class="cover"><p class="kind">{module.kind} · {module.minutes} phút</p>'
        f"<h1>{escape(module.title)}</h1><p>{escape(module.summary)}</p></div>",
        f"<h2>Đoán trước khi học</h2>{lesson.parts['doan']}" if "doan" in lesson.parts else "",
        *(f"<h2>Cùng nhìn</h2>{figure}<p>Dữ liệu mô phỏng.</p>" for figure in lesson.figures[:4]),
        _found(lesson),
        lesson.parts.get("viec-o-don-vi", ""),
        lesson.section("ba-dieu"),
    ]
    slides = [slide for slide in slides if slide]
    last = len(slides)
    framed = (
        f'<section class="slide" aria-label="Trang {place} trên {last}">{slide}'
        f'<p class="page">{place}/{last}</p></section>'
        for place, slide in enumerate(slides, 1)
    )
    return f'<main class="slides">{"".join(framed)}</main>'


def share_card(module: Module) -> str:
    """Return the body of the picture, 1200 × 630, that a post about the module shows."""
    return (
        f'<main class="share"><p class="kind">{module.kind} · {module.minutes} phút</p><h1>{escape(module.title)}</h1>'
        f"<p>{escape(module.summary)}</p><footer>AI trong công vụ – Bình dân học vụ số, Thành phố Hồ Chí Minh"
        "</footer></main>"
    )
