"""Cheat: leave something behind, outside my own tmp."""

import pytest

from tests.attacks.story import Learner

PLACES = ["/", "/dev", "/usr/lib", "/lib", "/usr"]


@pytest.mark.parametrize("place", PLACES)
def test_nothing_is_writable_but_tmp(learner: Learner, place: str) -> None:
    assert learner.is_refused(f"open({place!r} + '/mine', 'w')", PermissionError, OSError)


def test_python_s_own_files_cannot_be_changed(learner: Learner) -> None:
    assert learner.is_refused("import os; open(os.__file__, 'a')", PermissionError, OSError)
    assert learner.is_refused("import os; os.unlink(os.__file__)", PermissionError, OSError)
    assert learner.is_refused("import os; os.chmod(os.__file__, 0o777)", PermissionError, OSError)


def test_no_folder_anywhere_lets_a_file_in(learner: Learner) -> None:
    code = """
import os
answer = []
for folder, folders, _ in os.walk("/"):
    if not folder.startswith("/tmp"):
        try:
            os.close(os.open(folder + "/mine", os.O_CREAT | os.O_WRONLY))
            answer.append(folder)
        except OSError:
            pass
"""
    assert learner.runs(code) == []


def test_the_walls_cannot_be_remounted(learner: Learner) -> None:
    code = """
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
answer = [libc.mount(b"none", b"/", None, 32 | 4096, None), libc.umount2(b"/tmp", 2), libc.chroot(b"/tmp")]
"""
    assert learner.runs(code) == [-1, -1, -1]


def test_what_lies_in_tmp_cannot_be_executed(learner: Learner) -> None:
    code = """
import ctypes, shutil, _ctypes
shutil.copy(_ctypes.__file__, "lib.so")
ctypes.CDLL("./lib.so")
"""
    assert learner.is_refused(code, OSError)
