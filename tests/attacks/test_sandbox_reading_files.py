"""Cheat: read the answers, other people's work, the gradebook or the host's secrets from the disk."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

import hocvu.sandbox.warm
from hocvu.sandbox import Warm
from tests.attacks.story import Learner

LOOK_AROUND = """
import os
answer = []
for folder, folders, files in os.walk("/"):
    for name in files:
        path = os.path.join(folder, name)
        if not path.startswith(("/usr/lib", "/lib", "/dev/", "/tmp/")) and "/lib/python" not in path:
            if not path.endswith((".so", ".a", ".pc")) and ".so." not in name:
                answer.append(path)
"""


FIND_US = "import os; answer = [d for d, _, files in os.walk('/') if d.endswith('/hocvu') and files]"


@pytest.mark.parametrize("path", ["/etc/shadow", "/etc/passwd", "/etc/hostname", "/proc/1/environ", "/sys/kernel"])
def test_no_file_of_the_host(learner: Learner, path: str) -> None:
    assert learner.is_refused(f"open({path!r}).read()", FileNotFoundError)


def test_no_file_of_the_course(learner: Learner, root: Path) -> None:
    for name in ("source", "course", "release", "gradebook.db", "var", "nbgrader_config.py", "hocvu", "tests", ".git"):
        assert (root / name).exists() or name == "gradebook.db"
        assert learner.runs(f"import os; answer = os.path.lexists({str(root / name)!r})") is False, name


def test_no_work_of_others(learner: Learner, tmp_path: Path) -> None:
    other = tmp_path / "submitted" / "binh" / "bai.ipynb"
    other.parent.mkdir(parents=True)
    other.write_text("bài của Bình", encoding="utf-8")
    for path in (other, other.parent, tmp_path):
        assert learner.runs(f"import os; answer = os.path.lexists({str(path)!r})") is False


def test_looking_everywhere_finds_only_python_s_libraries(learner: Learner) -> None:
    assert learner.runs(LOOK_AROUND) == []


@pytest.fixture(params=["/var/tmp", "/tmp"])
def elsewhere(request: pytest.FixtureRequest) -> Iterator[Path]:
    """A folder outside /tmp, and one that every session covers with a /tmp of its own."""
    with tempfile.TemporaryDirectory(dir=request.param) as folder:
        yield Path(folder)


def test_our_own_package_is_out_of_sight(learner: Learner) -> None:
    assert learner.runs(FIND_US) == []
    assert learner.is_refused("import hocvu.records", ModuleNotFoundError)


def test_even_where_it_is_installed_among_other_packages(
    root: Path, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packages = elsewhere / "site-packages"
    shutil.copytree(root / "hocvu" / "sandbox", packages / "hocvu" / "sandbox")
    shutil.copy(root / "tests" / "sandbox" / "echo_guest.py", packages / "guest_here.py")
    monkeypatch.setattr(hocvu.sandbox.warm, "ROOM", str(packages))
    with Warm(guest="guest_here:main") as warm, Learner(warm) as learner:
        assert learner.runs(f"import os; answer = os.listdir({str(packages)!r})") != []
        assert learner.runs(FIND_US) == []
        assert learner.is_refused("import hocvu.records", ModuleNotFoundError)
        assert learner.is_refused(f"open({str(packages)!r} + '/mine', 'w')", PermissionError, OSError)
        assert learner.runs("open('/tmp/mine', 'w').write('x'); answer = 'written'") == "written"


def test_the_way_out_by_the_parent_folder_ends_in_the_private_root(learner: Learner) -> None:
    top = os.stat("/")
    place, device, number = learner.runs(
        "import os; os.chdir('../' * 40); top = os.stat('.'); answer = os.getcwd(), top.st_dev, top.st_ino"
    )
    assert place == "/"
    assert (device, number) != (top.st_dev, top.st_ino)


def test_folders_on_the_way_to_python_hold_nothing_else(warm: Warm, root: Path) -> None:
    with Learner(warm) as learner:
        assert learner.runs(f"import os; answer = os.listdir({str(root)!r})") in ([], [".venv"])
