"""Cheat: fill the disk, with bytes or with files."""

from hocvu.sandbox import Warm
from tests.attacks.story import Learner


def test_a_file_stops_at_the_limit(warm: Warm) -> None:
    fill = "f = open('big', 'wb', 0)\nfor _ in range(300): f.write(bytes(1 << 20))"
    with Learner(warm, tmp_mb=8, file_mb=4) as learner:
        assert "File too large" in learner.error_of(fill)
        assert learner.runs("import os; answer = os.path.getsize('big')") == 4 << 20


def test_many_files_stop_at_the_size_of_tmp(warm: Warm) -> None:
    fill = "for n in range(300): open(f'f{n}', 'wb', 0).write(bytes(1 << 20))"
    with Learner(warm, tmp_mb=8) as learner:
        assert "No space left" in learner.error_of(fill)


def test_sparse_files_and_preallocation_do_not_get_round_it(warm: Warm) -> None:
    with Learner(warm, tmp_mb=8, file_mb=4) as learner:
        assert "File too large" in learner.error_of("import os; os.truncate(open('s', 'wb').name, 1 << 40)")
        assert learner.error_of("import os; os.posix_fallocate(open('p', 'wb').fileno(), 0, 1 << 30)")


def test_empty_files_stop_at_the_number_of_inodes(warm: Warm) -> None:
    fill = "for n in range(5000): open(f'f{n}', 'w').close()"
    with Learner(warm, tmp_files=100) as learner:
        assert "No space left" in learner.error_of(fill)
        assert learner.runs("import os; answer = len(os.listdir('.'))") < 100


def test_the_next_session_has_its_full_tmp(warm: Warm) -> None:
    fill = "open('f', 'wb', 0).write(bytes(6 << 20))"
    for _ in range(3):
        with Learner(warm, tmp_mb=8) as learner:
            assert learner.error_of(fill) == ""
            assert learner.runs("import os; answer = [one for one in os.listdir('.') if os.path.isfile(one)]") == ["f"]


def test_open_files_are_counted(learner: Learner) -> None:
    assert "Too many open files" in learner.error_of("x = []\nwhile True: x.append(open('f', 'w'))")
