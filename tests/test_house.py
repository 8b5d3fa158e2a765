"""The house rules that no single module owns: two ways of installing, one list; no machine's names in the project."""

import os
import re
import subprocess
import sys
import tomllib
import unicodedata
from pathlib import Path

import pytest
import yaml

from deploy.uv_lock import check_same


def direct_dependencies(root: Path) -> set[str]:
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    extras = project["project"]["optional-dependencies"].values()
    return {entry for group in [*extras, *project["dependency-groups"].values()] for entry in group}


def tracked_texts(root: Path) -> dict[str, str]:
    names = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, check=True).stdout
    texts = {}
    for name in names.decode().split("\0"):
        path = root / name
        if name and path.is_file() and path.suffix not in (".png", ".woff2", ".ico"):
            texts[name] = path.read_text(encoding="utf-8")
    return texts


def test_conda_and_pip_users_get_the_same_direct_dependencies(root: Path) -> None:
    environment = yaml.safe_load((root / "environment.yml").read_text(encoding="utf-8"))
    (pip,) = [entry["pip"] for entry in environment["dependencies"] if isinstance(entry, dict)]
    assert set(pip) == direct_dependencies(root)
    assert pip == sorted(pip)


def test_the_lock_pins_every_direct_dependency_with_hashes(root: Path) -> None:
    lock = (root / "requirements.lock").read_text(encoding="utf-8")
    pinned = set(re.findall(r"^([a-z0-9._-]+)==", lock, flags=re.M))
    wanted = {re.split(r"[<>=\[]", entry)[0].lower().replace("_", "-") for entry in direct_dependencies(root)}
    assert wanted <= pinned
    assert lock.count("--hash=sha256:") >= len(pinned)
    assert "://" not in lock


@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_a_uv_lock_with_another_version_is_not_written(version: str) -> None:
    lock = f'[[package]]\nname = "hocvu"\nversion = "0"\n[[package]]\nname = "a"\nversion = "{version}"\n'
    if version == "1.0":
        check_same(["a==1.0 ; sys_platform == 'linux'"], lock)
    else:
        with pytest.raises(SystemExit, match=r"a==1\.0, a==1\.1"):
            check_same(["a==1.0 ; sys_platform == 'linux'"], lock)


@pytest.mark.long
def test_uv_sync_installs_what_make_installs(root: Path, tmp_path: Path) -> None:
    for name in ("pyproject.toml", "requirements.lock", "deploy/uv_lock.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes((root / name).read_bytes())
    subprocess.run([sys.executable, "deploy/uv_lock.py"], cwd=tmp_path, check=True)
    uv, places = Path(sys.executable).with_name("uv"), os.environ | {"UV_PROJECT_ENVIRONMENT": sys.prefix}
    options = ["--frozen", "--all-extras", "--no-install-project", "--inexact", "--dry-run"]
    told = subprocess.run(
        [str(uv), "sync", *options], cwd=tmp_path, env=places, capture_output=True, text=True, check=True
    )
    assert "Would make no changes" in told.stderr, told.stderr


def test_texts_are_in_one_unicode_form(root: Path) -> None:
    kept_as_typed = {"requirements.lock", "package-lock.json"}
    for name, text in tracked_texts(root).items():
        if name not in kept_as_typed and not name.startswith("tests/"):
            assert unicodedata.is_normalized("NFC", text), name


def test_help_names_every_make_target(root: Path) -> None:
    makefile = (root / "Makefile").read_text(encoding="utf-8")
    help_text = subprocess.run(["make", "help"], cwd=root, capture_output=True, text=True, check=True).stdout
    for target in re.findall(r"^([a-z-]+):.*## ", makefile, flags=re.M):
        assert f"make {target}" in help_text
