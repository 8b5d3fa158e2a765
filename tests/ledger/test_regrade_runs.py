"""Runs of a re-grading: killed and gone on with, started at the command line, told apart by hashes."""

import argparse
import os
import signal
import subprocess
import sys

import pytest

from hocvu.cli.commands import parser
from hocvu.cli.regrade import regrade
from hocvu.ledger.regrade_apply import RegradeRefused, run_regrade
from hocvu.questions.fingerprint import content_hash, question_hash
from hocvu.records import list_attempts
from hocvu.records.regrades import changes_of_attempt, last_regrade
from tests.ledger.school import RIGHT_IS_B, School
from tests.portal.world import SLUG

KILLED = """
import os, signal, sys
from pathlib import Path
import hocvu.ledger.regrade_apply as apply
from hocvu.ledger.regrade import make_scope
from hocvu.portal.services import start_services, utc_now
from hocvu.settings import Settings

apply.BATCH = 2
services = start_services(Settings(root=Path(sys.argv[1]), var=Path(sys.argv[2])))
with services.records.reading() as s:
    scope = make_scope(s, services.assignments["01-thu"].spec, "2027", services.course.rule)
begun = apply.begin_regrade(services.records, scope, "CB-giang", "đáp án sai", utc_now())

def die(done):
    if done == 4:
        os.kill(os.getpid(), signal.SIGKILL)

apply.run_regrade(services.records, scope, begun.id, utc_now, die)
"""


def test_killed_in_the_middle_it_goes_on_where_it_stopped(school: School) -> None:
    for number in range(7):
        school.settle(f"nguoi{number}", f"Người {number}", school.ward.id)
        school.hands_in(f"nguoi{number}", i1_2="b")
    school.rewrites(RIGHT_IS_B)
    command = [sys.executable, "-c", KILLED, school.root, school.settings.var]
    assert subprocess.run(command, timeout=120).returncode == -signal.SIGKILL
    with school.services.records.reading() as s:
        run = last_regrade(s, SLUG)
        assert run is not None and run.state == "running" and run.counts["up"] == 4
    with pytest.raises(RegradeRefused, match="chưa xong"):
        school.applies(school.scope())
    done = run_regrade(school.services.records, school.scope(), run.id, lambda: school.now, lambda _: None)
    assert done.state == "done" and done.counts["up"] == done.counts["people"] == 7
    assert all(school.share(f"nguoi{number}") == 1.0 for number in range(7))
    with school.services.records.reading() as s:
        for number in range(7):
            (attempt,) = list_attempts(s, school.people[f"nguoi{number}"])
            assert len(changes_of_attempt(s, attempt.id)) == 1


def command_line(school: School, *words: str) -> argparse.Namespace:
    return parser().parse_args(["regrade", SLUG, *words])


def test_the_command_shows_staff_codes_and_no_names(school: School, capsys: pytest.CaptureFixture[str]) -> None:
    school.hands_in("lan", i1_2="a")
    school.hands_in("hung", i1_2="b")
    school.rewrites(RIGHT_IS_B)
    assert regrade(school.settings, command_line(school, "--item", "1.2")) == 0
    shown = capsys.readouterr().out
    assert "CB-hung\tcâu 1.2, lượt 1: 0/4 → 4/4 điểm" in shown and "Trần Văn Hùng" not in shown
    assert "CB-lan\tcâu 1.2, lượt 1: 4/4 → 0/4 điểm  (thấp hơn: không ghi)" in shown
    assert "chưa có gì thay đổi" in shown
    regrade(school.settings, command_line(school, "--names"))
    assert "CB-hung Trần Văn Hùng" in capsys.readouterr().out
    with pytest.raises(RegradeRefused, match="lý do"):
        regrade(school.settings, command_line(school, "--apply"))
    assert regrade(school.settings, command_line(school, "--apply", "--reason", "đáp án sai")) == 0
    assert school.share("hung") == 1.0
    assert regrade(school.settings, command_line(school, "--roll-back", "1", "--reason", "nhầm")) == 0
    assert school.share("hung") == 0.0


def test_hashes_are_the_same_in_every_process(school: School) -> None:
    program = (
        "import sys; from pathlib import Path; from hocvu.publishing.specs import compile_assignment; "
        "from hocvu.questions.fingerprint import content_hash, question_hash\n"
        "for item in compile_assignment(Path(sys.argv[1])).items: print(question_hash(item), content_hash(item))"
    )
    source = school.root / "source" / SLUG / "exercises.ipynb"
    environment = {**os.environ, "PYTHONHASHSEED": "7"}
    ran = subprocess.run([sys.executable, "-c", program, source], env=environment, capture_output=True, check=True)
    items = school.services.assignments[SLUG].spec.items
    assert ran.stdout.decode().split("\n")[:-1] == [f"{question_hash(item)} {content_hash(item)}" for item in items]
