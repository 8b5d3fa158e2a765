"""What a host lacks is named, with what to do; nothing is run there."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from hocvu.sandbox import Missing, check_host
from hocvu.sandbox.missing import KNOWN, explain

HERE = Path(__file__).parent


def on_another_host(*arguments: str) -> dict[str, object]:
    """Return what `another_host.py` reports: a process that lacks something, or is an ordinary user."""
    done = subprocess.run(
        [sys.executable, str(HERE / "another_host.py"), *arguments],
        capture_output=True, text=True, check=True, timeout=60, cwd=HERE.parent.parent,
        env=os.environ | {"PYTHONPATH": str(HERE.parent.parent)},
    )  # fmt: skip
    report: dict[str, object] = json.loads(done.stdout)
    return report


def test_this_machine_can_grade_code() -> None:
    assert check_host() == ()


@pytest.mark.parametrize(
    ("call", "missing"),
    [("unshare", "namespaces"), ("pivot_root", "root"), ("mount_setattr", "root"), ("seccomp", "seccomp"),
     ("landlock_create_ruleset", "landlock")],
)  # fmt: skip
def test_what_the_kernel_refuses_is_named(call: str, missing: str) -> None:
    assert on_another_host("without", call)["missing"] == [missing]


def test_an_old_kernel_is_named() -> None:
    assert on_another_host("older-than", "mount_setattr")["missing"] == ["kernel"]


def test_without_a_required_wall_nothing_runs() -> None:
    for call in ("unshare", "seccomp"):
        report = on_another_host("without", call)
        assert report["ran"] is False
        assert "Không chấm được bài lập trình trên máy này" in str(report["said"])


def test_without_landlock_the_other_walls_carry() -> None:
    assert on_another_host("without", "landlock_create_ruleset")["ran"] is True


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can close Python's libraries for a test")
def test_libraries_that_others_may_not_read_are_named(tmp_path: Path) -> None:
    assert on_another_host("unreadable", str(tmp_path))["missing"] == ["unreadable"]


def test_an_ordinary_user_gets_the_same_walls() -> None:
    report = on_another_host("as-nobody")
    assert report["missing"] == []
    assert report["ran"] is True
    way = Path(sys.prefix).parts[2:3] if Path(sys.prefix).is_relative_to("/tmp") else ()  # to Python, if it lies there
    assert report["seen"] == [["dev", "tmp"], [*way], "PermissionError", "PermissionError", "PermissionError", 1]


@pytest.mark.parametrize("missing", KNOWN.values(), ids=lambda missing: str(missing.name))
def test_every_lack_says_what_and_what_to_do(missing: Missing) -> None:
    assert missing.what.endswith(".") and missing.remedy.endswith(".")
    assert missing.what in explain(missing.name, "chi tiết") and missing.remedy in explain(missing.name, "chi tiết")
    assert str(missing).startswith(missing.what)
