"""Cheat: links in tmp that make somebody else read or write at their other end."""

from pathlib import Path

from hocvu.sandbox import Warm
from tests.attacks.story import Learner


def test_links_lead_only_within_the_private_root(learner: Learner) -> None:
    learner.runs("import os; os.symlink('/etc/shadow', 's'); os.symlink('/', 'r'); os.symlink('../../..', 'u')")
    assert learner.is_refused("open('s')", FileNotFoundError)
    assert learner.runs("import os; answer = 'etc' in os.listdir('r') + os.listdir('u')") is False


def test_tmp_is_no_folder_of_the_host(warm: Warm, tmp_path: Path) -> None:
    name = f"hocvu-{tmp_path.name}-mark"
    with Learner(warm, {name: b"x"}) as learner:
        assert learner.runs(f"import os; answer = os.path.exists('/tmp/{name}')") is True
        assert not (Path("/tmp") / name).exists()


def test_hard_links_to_python_s_files_are_refused(learner: Learner) -> None:
    assert learner.is_refused("import os; os.link(os.__file__, 'l')", OSError, PermissionError)
