"""The lesson site's parts, without a browser: the wheels and their lock, the settings, what may be published."""

import ast
import hashlib
import json
import re
import zipfile
from pathlib import Path

import pytest

from hocvu.errors import AuthoringError
from hocvu.publishing.learner_wheel import empty_wheel, pack_learner_wheel, trim_wheel
from hocvu.publishing.lite_page import dress_page, lite_config, prepare_notebook
from hocvu.publishing.pyodide_bundle import (
    PINS,
    PRELOADED,
    SiteError,
    Sources,
    make_bundle,
    name_by_content,
    normal_name,
    write_lock_entries,
)
from hocvu.publishing.site import CONTENT_SECURITY_POLICY, EXTENSION, build_site, packed_folder, stage_notebooks, swap
from hocvu.settings import Settings

ROOT = Path(__file__).parents[2]
OWN_CHOICE = {"comm", "ipywidgets"}


def say_nothing(_: str) -> None:
    pass


def write_notebook(folder: Path, *sources: str) -> Path:
    cells = [
        {
            "cell_type": "code",
            "id": f"o-{place}",
            "metadata": {},
            "source": source,
            "outputs": [{}],
            "execution_count": 3,
        }
        for place, source in enumerate(sources)
    ]
    path = folder / "lesson.ipynb"
    path.write_text(json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))
    return path


# The bundle of Python for the browser


def test_the_lock_names_exactly_our_files_with_their_hashes(tmp_path: Path) -> None:
    wheel = empty_wheel("six", tmp_path)
    theirs = {
        "name": "six",
        "version": "1",
        "file_name": "theirs.whl",
        "sha256": "0" * 64,
        "depends": [],
        "imports": ["six"],
    }
    lock = write_lock_entries({"info": {"abi": "x"}, "packages": {"six": theirs, "numpy": theirs}}, [wheel])
    assert list(lock["packages"]) == ["six"]
    assert lock["packages"]["six"]["sha256"] == hashlib.sha256(wheel.read_bytes()).hexdigest()
    assert lock["packages"]["six"]["file_name"] == wheel.name
    assert lock["packages"]["six"]["imports"] == ["six"]
    assert lock["info"] == {"abi": "x"}


def test_a_package_unknown_to_pyodide_gets_its_own_entry(tmp_path: Path) -> None:
    lock = write_lock_entries({"packages": {}}, [empty_wheel("ipywidgets", tmp_path)])
    assert lock["packages"]["ipywidgets"]["depends"] == ["comm", "ipython", "traitlets"]


def test_the_pinned_wheels_are_the_versions_pyodide_wants() -> None:
    known = json.loads((ROOT / "node_modules/pyodide/pyodide-lock.json").read_text(encoding="utf-8"))["packages"]
    pins = dict(re.findall(r"^([\w-]+)==(\S+) --hash=sha256:[0-9a-f]{64}$", PINS.read_text(), re.MULTILINE))
    assert {name: version for name, version in pins.items() if name not in OWN_CHOICE} == {
        name: known[name]["version"] for name in pins if name not in OWN_CHOICE
    }


def test_every_dependency_of_the_pinned_wheels_is_pinned() -> None:
    known = json.loads((ROOT / "node_modules/pyodide/pyodide-lock.json").read_text(encoding="utf-8"))["packages"]
    pins = set(re.findall(r"^([\w-]+)==", PINS.read_text(), re.MULTILINE))
    needed = {normal_name(part) for name in pins - OWN_CHOICE for part in known[name]["depends"]}
    assert needed <= pins


def test_missing_node_modules_say_what_to_run(tmp_path: Path) -> None:
    settings = Settings(root=tmp_path, var=tmp_path / "var")
    with pytest.raises(SiteError, match="npm ci"):
        build_site(settings, {}, tmp_path / "hocvu.whl", output=tmp_path / "site", report=say_nothing)


def test_another_pyodide_than_the_kernels_is_refused(tmp_path: Path) -> None:
    (tmp_path / "package.json").write_text('{"version": "1.0.0"}')
    with pytest.raises(SiteError, match="is version 1.0.0, but the installed kernel needs"):
        make_bundle(Sources(tmp_path, tmp_path, tmp_path), say_nothing)


def test_a_wheel_is_named_by_its_content(tmp_path: Path) -> None:
    wheel = tmp_path / "six-1.17.0-py2.py3-none-any.whl"
    wheel.write_bytes(b"one")
    first = name_by_content(wheel).name
    wheel.write_bytes(b"two")
    assert re.fullmatch(r"six-1\.17\.0-0[0-9a-f]{12}-py2\.py3-none-any\.whl", first)
    assert name_by_content(wheel).name != first


# Our own wheel


def test_the_learners_wheel_holds_no_server_code_and_lacks_nothing(tmp_path: Path) -> None:
    with zipfile.ZipFile(pack_learner_wheel(ROOT / "hocvu", tmp_path, "1.0")) as archive:
        sources = {name: archive.read(name).decode() for name in archive.namelist() if name.endswith(".py")}
    parts = {name.split("/")[1].removesuffix(".py") for name in sources}
    assert {"questions", "labs", "widgets", "results", "errors"} <= parts
    assert parts.isdisjoint({"portal", "cli", "demo", "grading", "publishing", "records", "gradebook", "scoring"})
    modules = {name.removesuffix(".py").removesuffix("/__init__").replace("/", ".") for name in sources}
    wanted = {
        node.module
        for source in sources.values()
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("hocvu")
    }
    assert wanted <= modules


def test_the_same_files_make_the_same_wheel(tmp_path: Path) -> None:
    (tmp_path / "again").mkdir()
    first = pack_learner_wheel(ROOT / "hocvu", tmp_path, "1.0")
    second = trim_wheel(first, tmp_path / "again")
    assert first.name == second.name
    assert first.read_bytes() == second.read_bytes()


# What is published


def test_no_setting_points_to_another_host() -> None:
    text = json.dumps(lite_config(EXTENSION, "extensions/hocvu-lesson/static/x", "static/pyodide/pyodide-lock.json"))
    kernel = json.loads(text)["jupyter-config-data"]["litePluginSettings"][
        "@jupyterlite/pyodide-kernel-extension:kernel"
    ]
    assert "http" not in text
    assert kernel["disablePyPIFallback"] is True
    assert kernel["loadPyodideOptions"]["packages"] == list(PRELOADED)


def test_nothing_is_kept_on_the_machine() -> None:
    config = lite_config(EXTENSION, "x", "y")["jupyter-config-data"]
    kept = {config[f"{kind}StorageDrivers"][0] for kind in ("contents", "settings", "workspaces")}
    assert kept == {"memoryStorageDriver"}
    assert config["enableMemoryStorage"] is True


def test_our_extension_names_no_other_host() -> None:
    for path in EXTENSION.rglob("*"):
        if path.suffix in {".js", ".css", ".html", ".json"}:
            assert re.findall(r"https?://(?!www\.w3\.org)[\w.]+", path.read_text(encoding="utf-8")) == [], path


def test_a_lesson_is_locked_and_without_outputs(tmp_path: Path) -> None:
    notebook = prepare_notebook(write_notebook(tmp_path, "1 + 1"), {})
    (cell,) = notebook["cells"]
    assert cell["metadata"] == {"editable": False, "deletable": False}
    assert (cell["outputs"], cell["execution_count"]) == ([], None)
    assert notebook["metadata"]["kernelspec"]["name"] == "python"


@pytest.mark.parametrize("secret", ["### BEGIN HIDDEN TESTS", "### BEGIN SOLUTION"])
def test_a_notebook_with_answers_is_never_published(tmp_path: Path, secret: str) -> None:
    with pytest.raises(AuthoringError, match="cell 2: still holds answers"):
        prepare_notebook(write_notebook(tmp_path, "1", f"q\n{secret}\nq.key('a')"), {})


def test_a_notebook_stays_inside_the_site(tmp_path: Path) -> None:
    with pytest.raises(SiteError, match="must be a path like"):
        stage_notebooks({"../../lesson.ipynb": write_notebook(tmp_path, "1")}, tmp_path / "contents", {})


def test_an_unknown_jupyterlite_page_fails_the_build(tmp_path: Path) -> None:
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks/index.html").write_text("<html><title></title></html>")
    with pytest.raises(SiteError, match="locked version"):
        dress_page(EXTENSION, tmp_path, "x", "http://localhost:8000")


def test_a_finished_site_replaces_the_old_one(tmp_path: Path) -> None:
    for name in ("site", "site.new"):
        (tmp_path / name).mkdir()
        (tmp_path / name / name).touch()
    packed_folder(tmp_path / "site").mkdir(parents=True)
    swap(tmp_path / "site.new", tmp_path / "site")
    assert [path.name for path in (tmp_path / "site").iterdir()] == ["site.new"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cache", "site"]
    assert list((tmp_path / "cache").iterdir()) == []


# How it is served


def test_the_policy_names_no_other_host_and_no_isolation() -> None:
    assert "connect-src 'self'" in CONTENT_SECURITY_POLICY
    assert "http" not in CONTENT_SECURITY_POLICY
