"""The instructor's day: open JupyterLab, try the assignment, validate it, see a submission in formgrader."""

import json
import os
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import pytest
from playwright.sync_api import Browser, Locator, Page, TimeoutError, expect

SLUG = "01-ai-quanh-ta"
NOTEBOOK = f"release/{SLUG}/exercises.ipynb"
TOKEN = "thu-nghiem"

pytestmark = pytest.mark.browser


class Lab:
    """JupyterLab with nbgrader on a copy of our course root, with the settings that `make lab` uses."""

    def __init__(self, root: Path, course: Path) -> None:
        self.root, self.course = root, course
        shutil.copy(root / "nbgrader_config.py", course)
        shutil.copytree(root / "source" / SLUG, course / "source" / SLUG, ignore=shutil.ignore_patterns(".*"))
        (course / "var").mkdir()

    def nbgrader(self, *arguments: str) -> None:
        subprocess.run(["nbgrader", *arguments], cwd=self.course, check=True, capture_output=True, timeout=300)

    def hand_in(self, student: str, answers: dict[str, object]) -> None:
        folder = self.course / "submitted" / student / SLUG
        folder.mkdir(parents=True)
        shutil.copy(self.course / NOTEBOOK, folder)
        content = {"assignment": SLUG, "seed": 5, "answers": answers}
        (folder / "answers.json").write_text(json.dumps(content), encoding="utf-8")

    def __enter__(self) -> Self:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        runtime = {name: str(self.course / "var" / name.lower()) for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR")}
        self._server = subprocess.Popen(
            ["jupyter", "lab", "--no-browser", "--allow-root", f"--port={self.port}", "--ServerApp.port_retries=0",
             f"--IdentityProvider.token={TOKEN}"],
            cwd=self.course,
            env={**os.environ, **runtime, "JUPYTER_CONFIG_PATH": str(self.root / "deploy" / "lab")},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self._wait_until_it_answers()
        return self

    def _wait_until_it_answers(self) -> None:
        for _ in range(240):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/api", timeout=5).close()
                return
            except OSError:
                time.sleep(0.25)
        raise AssertionError("JupyterLab did not answer within a minute")

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._server.terminate()
        self._server.wait(timeout=30)

    def open(self, page: Page, path: str) -> None:
        page.goto(f"http://127.0.0.1:{self.port}/{path}?token={TOKEN}&reset")


@pytest.fixture(scope="module")
def lab(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    lab = Lab(root, tmp_path_factory.mktemp("lab"))
    lab.nbgrader("generate_assignment", SLUG, "--create")
    lab.hand_in("hv001", {"1-2": "c", "1-7": {"viec": "soạn thư mời"}})
    lab.nbgrader("autograde", SLUG)
    with lab:
        yield lab


def run_all_until_shown(page: Page, question: Locator) -> None:
    """Run all cells; again if nothing comes, as a person would: Lab drops a run while its workspace settles."""
    for _ in range(4):
        page.get_by_role("menuitem", name="Chạy", exact=True).click()
        page.locator(".lm-Menu-item[data-command='runmenu:run-all']").click()
        with suppress(TimeoutError):
            return question.wait_for(timeout=25_000)
    raise AssertionError("running all cells four times drew no question")


def test_the_instructor_tries_the_assignment_and_validates_it(lab: Lab, chromium: Browser) -> None:
    page = chromium.new_page(viewport={"width": 1280, "height": 900})
    lab.open(page, f"lab/tree/{NOTEBOOK}")
    page.locator(".jp-Notebook-ExecutionIndicator[data-status='idle']").wait_for(timeout=90_000)
    question = page.locator(".hocvu-item-1-2")
    run_all_until_shown(page, question)
    question.get_by_role("radio").first.click(timeout=60_000)
    expect(question.get_by_text("✔ Đã lưu")).to_be_visible()
    tried = json.loads((lab.course / "release" / SLUG / ".answers.json").read_text(encoding="utf-8"))
    assert tried["answers"] == {"1-2": "a"}

    page.get_by_role("button", name="Validate").click()
    expect(page.locator(".jp-Dialog")).to_contain_text("Success! Your notebook passes all the tests.", timeout=90_000)
    page.close()


def test_after_a_kernel_restart_no_form_pretends_to_save(lab: Lab, chromium: Browser) -> None:
    page = chromium.new_page(viewport={"width": 1280, "height": 900})
    lab.open(page, f"lab/tree/{NOTEBOOK}")
    page.locator(".jp-Notebook-ExecutionIndicator[data-status='idle']").wait_for(timeout=90_000)
    question = page.locator(".hocvu-item-1-2")
    run_all_until_shown(page, question)
    question.get_by_role("radio").nth(1).click(timeout=60_000)
    expect(question.get_by_text("✔ Đã lưu")).to_be_visible()
    notice = page.get_by_role("alert").filter(has_text="không lưu thêm được")
    expect(notice).to_be_hidden()

    page.get_by_role("menuitem", name="Kernel", exact=True).click()
    page.locator(".lm-Menu-item[data-command='kernelmenu:restart']").click()
    page.locator(".jp-Dialog .jp-mod-accept").click()
    expect(notice).to_be_visible(timeout=30_000)
    expect(question.get_by_role("radio").first).to_be_disabled()
    expect(question.locator("xpath=ancestor-or-self::*[@aria-disabled='true']").first).to_be_visible()
    expect(page.get_by_text("✔ Đã lưu").filter(visible=True)).to_have_count(0)
    expect(page.locator(".hocvu-item-1-7").get_by_role("textbox").first).not_to_be_editable()

    notice.get_by_role("button", name="Chạy lại mọi ô").click()
    expect(question.get_by_role("radio").first).to_be_enabled(timeout=60_000)
    expect(notice).to_be_hidden(timeout=30_000)
    question.get_by_role("radio").nth(2).click()
    expect(question.get_by_text("✔ Đã lưu")).to_be_visible()
    tried = json.loads((lab.course / "release" / SLUG / ".answers.json").read_text(encoding="utf-8"))
    assert tried["answers"]["1-2"] == "c"
    page.close()


def test_the_instructor_sees_the_submission_and_its_points_in_formgrader(lab: Lab, chromium: Browser) -> None:
    page = chromium.new_page(viewport={"width": 1280, "height": 900})
    lab.open(page, "lab")
    page.get_by_role("menuitem", name="Nbgrader").click(timeout=60_000)
    page.get_by_text("Formgrader", exact=True).click()
    formgrader = page.frame_locator("iframe").first
    row = formgrader.get_by_role("row", name=SLUG)
    expect(row).to_contain_text("draft", timeout=30_000)
    row.locator(".num-submissions a").click()
    submission = formgrader.get_by_role("row", name="hv001")
    expect(submission).to_contain_text("4 / 44", timeout=30_000)
    submission.locator(".student-name a").click()
    formgrader.get_by_role("link", name="exercises").click()
    answers = page.frame_locator("iframe").first.get_by_text("Trả lời: Học máy rút ra cách làm từ dữ liệu")
    expect(answers.first).to_be_visible(timeout=30_000)
    page.close()
