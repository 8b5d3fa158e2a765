"""Keys and feedback appear in no byte that a learner can fetch before handing in."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from hocvu.notebooks import read_notebook
from hocvu.publishing.check import slugs_of
from hocvu.publishing.learner_wheel import pack_learner_wheel
from hocvu.publishing.release import LEAK_LENGTH, secrets_of, texts_of
from hocvu.publishing.specs import compile_assignment


def secrets(root: Path) -> list[str]:
    """Feedback texts and salts of every assignment, as far as one needs to recognise them."""
    specs = [compile_assignment(root / "source" / slug / "exercises.ipynb") for slug in slugs_of(root)]
    return [secret[:LEAK_LENGTH] for spec in specs for item in spec.items for secret in secrets_of(item)]


def bytes_of(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Yield every file below `folder`, and what is inside those that are archives."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            data = path.read_bytes()
            yield str(path), data
            if data[:4] == b"PK\x03\x04":
                with zipfile.ZipFile(io.BytesIO(data)) as archive:
                    for name in archive.namelist():
                        yield f"{path}!{name}", archive.read(name)


def test_there_are_secrets_to_look_for(root: Path) -> None:
    assert len(secrets(root)) > 30


def test_the_wheel_for_the_browser_holds_no_key(root: Path, tmp_path: Path) -> None:
    """What lessons load in the browser: the package, without instructors' notebooks, keys or salts."""
    wheel = pack_learner_wheel(root / "hocvu", tmp_path, "0")
    for name, data in bytes_of(tmp_path):
        assert not any(secret.encode() in data for secret in secrets(root)), name
    assert wheel.stat().st_size > 20_000


def test_no_release_gives_a_key_or_feedback_away(root: Path) -> None:
    for path in root.glob("release/*/*.ipynb"):
        texts = list(texts_of(read_notebook(path)))
        for secret in secrets(root):
            assert not any(secret in text for text in texts), (path, secret)


@pytest.mark.browser
def test_the_lesson_site_gives_nothing_away(root: Path) -> None:
    site = root / "var" / "site"
    assert site.is_dir(), "build the lesson site first: make site"
    wanted = [secret.encode() for secret in secrets(root)]
    escaped = [secret.encode("ascii", "backslashreplace") for secret in secrets(root)]
    for name, data in bytes_of(site):
        assert not any(secret in data for secret in [*wanted, *escaped]), name
