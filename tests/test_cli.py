"""What people type: each verb does its one thing, and an error says what to do next."""

import csv
import io
import json
import re
import shutil
import socket
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from hocvu.cli.commands import main, parser
from tests.story import Course

VERBS = ("release", "check", "format", "site", "serve", "seed-demo", "grade", "export")


@pytest.fixture
def course(tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch) -> Course:
    """A course root of its own with one assignment, and our course files."""
    made = Course(tmp_path, "01-ai-quanh-ta")
    made.markdown("# Bài thử").question()
    shutil.copytree(root / "course", tmp_path / "course", ignore=shutil.ignore_patterns(".*"))
    publish_only(tmp_path / "course/course.toml", made.slug)
    shutil.copy(root / "nbgrader_config.py", tmp_path)
    shutil.copytree(root / "docs", tmp_path / "docs")
    assert made.source.exists()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOCVU_ROOT", str(tmp_path))
    monkeypatch.setenv("HOCVU_VAR", str(tmp_path / "var"))
    return made


def publish_only(file: Path, slug: str) -> None:
    """Close all modules but one: this course root has only its exercises."""
    head, *modules = file.read_text(encoding="utf-8").split("[[module]]")
    kept = [one if f'slug = "{slug}"' in one else one.replace("published = true\n", "") for one in modules]
    file.write_text("[[module]]".join([head, *kept]), encoding="utf-8")


def hand_in(course: Course, student: str, content: object, notebook: str = "{}") -> None:
    folder = course.root / "submitted" / student / course.slug
    folder.mkdir(parents=True)
    (folder / "exercises.ipynb").write_text(notebook, encoding="utf-8")
    text = content if isinstance(content, str) else json.dumps(content)
    (folder / "answers.json").write_text(text, encoding="utf-8")


def graded(course: Course, capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    main(["grade", course.slug])
    return {row["student"]: row["points"] for row in csv.DictReader(io.StringIO(capsys.readouterr().out))}


def test_help_lists_every_verb() -> None:
    text = parser().format_help()
    for verb in VERBS:
        assert re.search(rf"^    {verb}\b", text, flags=re.M), verb


@pytest.mark.parametrize("arguments", [[], ["nothing"], ["grade"]])
def test_wrong_usage_is_status_2(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == 2


def test_grade_prints_points_and_looks_at_nothing_but_the_answers(
    course: Course, capsys: pytest.CaptureFixture[str]
) -> None:
    tampered = json.dumps(
        {
            "nbformat": 4,
            "nbformat_minor": 5,
            "metadata": {},
            "cells": [
                {
                    "cell_type": "code",
                    "id": "1-2",
                    "source": 'open("HACKED", "w"); q = 4.0; q',
                    "outputs": [],
                    "execution_count": None,
                    "metadata": {
                        "tags": ["skip-execution"],
                        "nbgrader": {"grade": True, "grade_id": "1-2", "points": 1000.0, "schema_version": 99},
                    },
                }
            ],
        }
    )
    hand_in(course, "dung", {"seed": 1, "answers": {"1-2": "a"}})
    hand_in(course, "sai", {"seed": 1, "answers": {"1-2": "b"}})
    hand_in(course, "sua-so-tay", {"seed": 1, "answers": {"1-2": "b"}}, tampered)
    hand_in(course, "trong", {"seed": 1, "answers": {}})
    assert graded(course, capsys) == {"dung": "4.0", "sai": "0.0", "sua-so-tay": "0.0", "trong": "0.0"}
    assert not list(course.root.rglob("HACKED"))


@pytest.mark.parametrize(
    "broken", ["{", "[]", '{"answers": 1}', '{"answers": {"9-9": "a"}}', '{"seed": "x", "answers": {}}']
)
def test_a_broken_submission_is_named_and_the_others_are_graded(
    course: Course, capsys: pytest.CaptureFixture[str], broken: str
) -> None:
    hand_in(course, "a-hong", broken)
    hand_in(course, "b-dung", {"seed": 1, "answers": {"1-2": "a"}})
    status = main(["grade", course.slug])
    printed = capsys.readouterr()
    assert status == 1
    assert "a-hong" in printed.err and "Traceback" not in printed.err
    assert "b-dung,1-2,4.0" in printed.out


def test_check_names_problems_and_release_mends_them(course: Course, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check"]) == 1
    printed = capsys.readouterr().err
    assert "not in normal form. Run `make format`" in printed
    assert "Run `make release`" in printed
    assert main(["format"]) == 0
    assert main(["release"]) == 0
    capsys.readouterr()
    assert main(["check"]) == 0, capsys.readouterr().err


def test_release_writes_nothing_when_a_key_is_wrong(course: Course, capsys: pytest.CaptureFixture[str]) -> None:
    source = course.source
    source.write_text(source.read_text(encoding="utf-8").replace('q.key(\\"a\\"', 'q.key(\\"z\\"'), encoding="utf-8")
    assert main(["release"]) == 1
    error = capsys.readouterr().err
    assert error.startswith('hocvu: 01-ai-quanh-ta/exercises.ipynb, cell "1-2": ')
    assert "'z' is not among the options" in error
    assert not (course.root / "release").exists()


def test_a_seeded_world_is_exported_as_csv_and_xlsx(course: Course, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["seed-demo", "--people", "260"]) == 0
    assert "mô phỏng việc học của 252/252 người" in capsys.readouterr().out
    assert main(["export", "diem.csv"]) == 0
    assert main(["export", "diem.xlsx", "--unit", "MP002"]) == 0
    with Path("diem.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 260
    done = [row["Tỷ lệ bài đã làm"] for row in rows]
    assert set(done) == {"0", "1"} and done.count("1") > 100
    workbook = CalamineWorkbook.from_path("diem.xlsx")
    assert workbook.sheet_names == ["Kết quả", "Quy tắc và phiên bản"]
    table = workbook.get_sheet_by_name("Kết quả").to_python()
    assert [row[1] for row in table[1:]] == [row["Mã CBCCVC"] for row in rows if row["Đơn vị"] == table[1][5]]


def test_seeding_again_changes_nothing(course: Course, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["seed-demo", "--people", "250"]) == 0
    assert main(["export", "truoc.csv"]) == 0
    assert main(["seed-demo", "--people", "250"]) == 0
    assert "giữ nguyên" in capsys.readouterr().out
    assert main(["export", "sau.csv"]) == 0
    assert Path("truoc.csv").read_bytes() == Path("sau.csv").read_bytes()


def test_demo_people_do_not_go_into_a_public_portal(
    course: Course, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOCVU_PORTAL_ORIGIN", "https://hocvu.example")
    monkeypatch.setenv("HOCVU_LITE_ORIGIN", "https://bai-hoc.hocvu.example")
    assert main(["seed-demo"]) == 1
    assert "Seed only a local portal" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["export", "diem.pdf"], "Name a file that ends in .xlsx or .csv"),
        (["export", "diem.csv", "--unit", "X"], "no such unit"),
        (["grade", "99-khong-co"], "99-khong-co"),
    ],
)
def test_an_error_says_what_to_do_next(
    course: Course, capsys: pytest.CaptureFixture[str], arguments: list[str], complaint: str
) -> None:
    assert main(arguments) == 1
    error = capsys.readouterr().err
    assert complaint in error and error.startswith("hocvu: ") and "Traceback" not in error


def test_a_setting_that_cannot_be_read_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HOCVU_PORT", "tám nghìn")
    assert main(["check"]) == 1
    assert "HOCVU_PORT='tám nghìn': expected int." in capsys.readouterr().err


def test_a_port_in_use_is_said_before_anything_starts(
    course: Course, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert main(["serve", "--port", str(port)]) == 1
    assert f"make run PORT={port + 1}" in capsys.readouterr().err
