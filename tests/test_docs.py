"""The documents say what is there: commands, settings, layers, tables, links and pictures."""

import argparse
import re
import tomllib
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

from hocvu.cli.commands import parser
from hocvu.portal import api_scores, pull_models
from hocvu.records.tables import Base
from hocvu.settings import Settings

LARGEST_PICTURE = 300_000  # bytes


def documents(root: Path) -> Iterator[tuple[str, str]]:
    """Yield (path, text) of what people read about the project."""
    for path in sorted([*root.glob("*.md"), *root.glob("docs/**/*.md"), *root.glob("deploy/**/*.md")]):
        yield path.relative_to(root).as_posix(), path.read_text(encoding="utf-8")


def code_of(text: str) -> str:
    """Return the code of a document: between backquotes, in fences, in indented lines."""
    fences = re.findall(r"^```.*?\n(.*?)^```", text, flags=re.M | re.S)
    return "\n".join([*re.findall(r"`([^`\n]+)`", text), *fences, *re.findall(r"^ {4,}(.+)$", text, flags=re.M)])


def table_rows(text: str, heading: str) -> list[list[str]]:
    """Return the cells of the first table below a heading, its own heading left out."""
    section = text.partition(f"\n{heading}\n")[2].partition("\n## ")[0]
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in re.findall(r"^\|.*\|$", section, flags=re.M)
    ]
    return rows[2:]


def make_targets(root: Path, *, all_of_them: bool = False) -> set[str]:
    """Return the targets that `make help` lists, or all that have a name."""
    rule = r"^([a-z-]+):" if all_of_them else r"^([a-z-]+):.*## "
    return set(re.findall(rule, (root / "Makefile").read_text(encoding="utf-8"), flags=re.M))


def verbs() -> dict[str, str]:
    """Return {verb: its line in `hocvu --help`}."""
    (named,) = [one for one in parser()._actions if isinstance(one, argparse._SubParsersAction)]
    return {str(choice.dest): str(choice.help) for choice in named._choices_actions}


@pytest.fixture(scope="module")
def readme() -> str:
    return (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")


def test_every_command_in_the_documents_exists(root: Path) -> None:
    targets, known = make_targets(root, all_of_them=True), verbs()
    for name, text in documents(root):
        code = code_of(text)
        named = set(re.findall(r"(?:^|\s)make ([a-z][a-z-]*)", code, flags=re.M))
        assert named <= targets, f"{name}: {named - targets}"
        called = set(re.findall(r"(?:^|[\s/])hocvu ([a-z][a-z-]*)", code, flags=re.M))
        assert called <= set(known), f"{name}: {called - set(known)}"


def test_readme_lists_every_make_target(root: Path, readme: str) -> None:
    assert {row[0] for row in table_rows(readme, "## Make")} == {f"`make {target}`" for target in make_targets(root)}


def test_readme_says_what_help_says_of_every_verb(readme: str) -> None:
    listed = {row[0].strip("`").removeprefix("hocvu "): row[1] for row in table_rows(readme, "## Command line")}
    assert listed == verbs()


def test_readme_lists_every_setting(readme: str) -> None:
    listed = [row[0] for row in table_rows(readme, "## Settings")]
    assert sorted(listed) == sorted(f"`HOCVU_{field.name.upper()}`" for field in fields(Settings))


def test_the_layers_in_the_architecture_are_the_checked_ones(root: Path) -> None:
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    (contract,) = [one for one in project["tool"]["importlinter"]["contracts"] if one["type"] == "layers"]
    text = (root / "docs/architecture.md").read_text(encoding="utf-8")
    block = re.findall(r"^```text\n(.*?)^```", text.partition("## Layers")[2], flags=re.M | re.S)[0]
    assert [re.split(r"\s{2,}", line)[0] for line in block.splitlines()] == contract["layers"]


def test_the_architecture_names_every_table(root: Path) -> None:
    text = (root / "docs/architecture.md").read_text(encoding="utf-8")
    assert {row[0].strip("`") for row in table_rows(text, "## Data model")} == set(Base.metadata.tables)


def test_every_source_file_named_in_the_documents_exists(root: Path) -> None:
    named = {
        path for _, text in documents(root) for path in re.findall(r"`([a-z_/0-9]+/[a-z_0-9/]+\.(?:py|js|css))`", text)
    }
    assert len(named) > 30
    elsewhere = {"plugins/export.py"}  # nbgrader's own
    missing = {path for path in named if not (root / path).is_file() and not (root / "hocvu" / path).is_file()}
    assert missing == elsewhere


@pytest.mark.parametrize("guide", ["hoc-vien.md", "nhan-su.md", "quan-tri.md", "thu-truong.md", "hoi-dong.md"])
def test_words_in_bold_are_the_words_on_the_screen(root: Path, guide: str) -> None:
    screens = [path for kind in ("html", "py", "js") for path in root.glob(f"hocvu/**/*.{kind}")]
    shown = "\n".join(path.read_text(encoding="utf-8") for path in screens)
    text = " ".join((root / "docs/vi" / guide).read_text(encoding="utf-8").split())
    bold = {words.lstrip("✔ ") for words in re.findall(r"\*\*(.+?)\*\*", text)}
    assert bold
    assert {words for words in bold if words not in shown} == set()


def test_every_relative_link_leads_somewhere(root: Path) -> None:
    for name, text in documents(root):
        for target in re.findall(r"\]\(([^)\s]+)\)", text):
            if not target.startswith(("http://", "https://", "#")):
                path = (root / name).parent / target.partition("#")[0]
                assert path.exists(), f"{name}: {target}"
                assert path.resolve().is_relative_to(root.resolve()), f"{name}: {target}"


def test_every_picture_is_used_and_small(root: Path) -> None:
    shown = {
        ((root / name).parent / target).resolve()
        for name, text in documents(root)
        for target in re.findall(r"!\[[^\]]+\]\(([^)]+)\)", text)
    }
    pictures = {path.resolve() for path in (root / "docs/img").iterdir()}
    assert shown == pictures
    assert [path.name for path in pictures if path.stat().st_size > LARGEST_PICTURE] == []


def test_the_api_guide_names_every_field_and_parameter(root: Path) -> None:
    text = (root / "docs/api.md").read_text(encoding="utf-8")
    shapes = (pull_models.ScoreRow, pull_models.WithdrawnRow, pull_models.ScoresAnswer)
    for field in [name for shape in shapes for name in shape.model_fields]:
        assert f'"{field}"' in text or f"`{field}`" in text, field
    (route,) = [one for one in api_scores.router.routes if getattr(one, "name", "") == "get_scores"]
    for parameter in route.dependant.query_params:  # type: ignore[attr-defined]
        assert f"`{parameter.name}`" in text, parameter.name


def test_the_decisions_are_numbered_without_gaps(root: Path) -> None:
    names = sorted(path.name for path in (root / "docs/decisions").glob("*.md"))
    assert [name[:4] for name in names] == [f"{number:04d}" for number in range(1, len(names) + 1)]
