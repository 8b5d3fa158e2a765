"""Every lesson and exercise in JupyterLite: it runs, its benches answer, answers are kept, it fits a phone."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from hocvu.publishing.specs import compile_assignment
from hocvu.questions.choice import ChooseOne
from tests.browser.conftest_site import ROOT, LessonServer
from tests.browser.lite_story import KEYWORDS, axe, misfits, moves_of, wait_until_open

pytestmark = [pytest.mark.browser]

SLUGS = sorted(path.parent.name for path in ROOT.glob("course/*/lesson.ipynb"))
every_module = pytest.mark.parametrize("slug", SLUGS)


@pytest.fixture(scope="module")
def server() -> Iterator[LessonServer]:
    site = ROOT / "var" / "site"
    assert (site / "notebooks").is_dir(), "build the lesson site first: make site"
    with LessonServer(site) as server:
        server.answers["GET /api/v1/csrf"] = [(200, {"token": "t-1"})]
        yield server


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    page = chromium.new_page(viewport={"width": 1280, "height": 900})
    yield page
    page.close()


def sources_of(path: Path) -> list[str]:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


def benches_of(slug: str) -> list[str]:
    """Return the names of the benches that a lesson shows."""
    code = "\n".join(sources_of(ROOT / "course" / slug / "lesson.ipynb"))
    named = re.findall(r'\.bench\("(\w+)"', code)
    return named + [KEYWORDS] * code.count(".keyword_bench(")


def open_notebook(page: Page, server: LessonServer, path: str) -> None:
    page.goto(server.lesson(path))
    wait_until_open(page)
    expect(page.get_by_role("button", name="Chạy lại")).to_be_enabled(timeout=60_000)  # every cell has run
    expect(page.locator(".hocvu-failed")).to_have_count(0)


def expect_fit_on_a_phone(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    assert misfits(page, 390) == []
    selects = page.locator("#main select:visible").all()
    assert [
        one.inner_text() for one in selects if not 44 <= (one.bounding_box() or {"height": 0})["height"] <= 60
    ] == []
    for readout in page.locator(".widget-readout").all():
        expect(readout).to_be_visible()


@every_module
def test_every_bench_of_the_lesson_answers_each_control_with_a_new_picture(
    page: Page, server: LessonServer, slug: str
) -> None:
    server.drafts[slug] = {}
    open_notebook(page, server, f"{slug}/lesson.ipynb")
    benches = benches_of(slug)
    assert benches
    for name in benches:
        moves = list(moves_of(name))
        bench = page.locator(moves[0].css).first
        pictures, spoken = seen(bench), heard(bench)
        assert pictures and all(spoken)
        # Not the controls where they show figures of their own: a slider does so before Python has answered.
        answer = bench if name == KEYWORDS else bench.locator("section").first
        for move in moves:
            before = answer.inner_text()
            move.do(bench)
            expect(answer, f"{name}: {move.name}").not_to_have_text(before, use_inner_text=True, timeout=30_000)
        expect_another_picture(bench, spoken)
        assert seen(bench) != pictures
    assert axe(page, ".hocvu-bench") == []
    expect_fit_on_a_phone(page)


def expect_another_picture(bench: Locator, spoken: list[str]) -> None:
    """Wait until one of the pictures says something else than before."""
    others = "".join(f":not([aria-label={json.dumps(text, ensure_ascii=False)}])" for text in spoken)
    expect(bench.locator(f"svg[role='img']{others}").first).to_be_visible(timeout=30_000)


def seen(bench: Locator) -> list[str]:
    """Return the pictures of a bench as they are drawn."""
    return list(bench.locator("svg[role='img']").evaluate_all("all => all.map((one) => one.innerHTML)"))


def heard(bench: Locator) -> list[str]:
    """Return what a screen reader says of the pictures."""
    return list(
        bench.locator("svg[role='img']").evaluate_all("all => all.map((one) => one.getAttribute('aria-label'))")
    )


@every_module
def test_every_question_of_the_exercise_is_there_and_an_answer_outlives_the_page(
    page: Page, server: LessonServer, slug: str
) -> None:
    server.drafts[slug] = {}
    open_notebook(page, server, f"{slug}/exercises.ipynb")
    items = compile_assignment(ROOT / "source" / slug / "exercises.ipynb").items
    for item in items:
        shown = page.locator(".hocvu-written" if item.question.kind == "COD" else f".hocvu-item-{item.id}")
        expect(shown).to_have_count(1)
    expect_fit_on_a_phone(page)
    question = next(item.question for item in items if isinstance(item.question, ChooseOne))
    form = page.locator(f".hocvu-item-{question.id}")
    option, text = list(question.options.items())[1]
    form.get_by_role("radio", name=text).check()
    assert server.has(slug, question.id, option)
    expect(form.locator(".hocvu-status")).to_contain_text("✔ Đã lưu")
    page.reload()
    wait_until_open(page)
    expect(form.get_by_role("radio", name=text)).to_be_checked()
    expect(form.locator(".hocvu-status")).to_have_text("✔ Đã lưu trước đó.")
