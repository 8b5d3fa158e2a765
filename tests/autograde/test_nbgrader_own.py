"""nbgrader's own tests of `nbgrader autograde`: with `hocvu autograde` in its place, and with our preprocessors."""

from typing import Any

import pytest
from nbgrader.apps.nbgraderapp import NbGraderApp
from nbgrader.converters import Autograde
from nbgrader.preprocessors import AssignLatePenalties, CheckCellMetadata
from nbgrader.tests.apps.base import BaseTestApp
from nbgrader.tests.apps.conftest import course_dir, db, temp_cwd
from nbgrader.tests.apps.test_nbgrader_autograde import TestNbGraderAutograde as Theirs

from hocvu.autograde.app import AutogradeManyApp
from hocvu.autograde.stock import GradeSubmission, SaveGrades

__all__ = ["course_dir", "db", "temp_cwd"]

# Named and reasoned in docs/nbgrader-differences.md; strict: a test that begins to pass must leave the list.
EXCEPTIONS = {
    "test_side_effects": "files that learner code writes stay in the sandbox and vanish with it",
    "test_no_execute": "outputs in a submission can be forged, so code is always run",
    "test_missing_source_kernelspec": "the learner's kernelspec is never used: a wrong one cannot fail",
}


# A few in every `make test`: files and permissions, penalties, a missing notebook, a failing one among good ones.
SOME = (
    "test_handle_failure",
    "test_permissions",
    "test_late_submission_penalty_plugin",
    "test_grade_missing_notebook",
    "test_filter_notebook",
)


def expect_exceptions(request: pytest.FixtureRequest) -> None:
    name = request.node.originalname
    if name in EXCEPTIONS:
        request.applymarker(pytest.mark.xfail(reason=EXCEPTIONS[name], strict=True))


@pytest.mark.filterwarnings("ignore")
class OursInPlaceOfTheirs(BaseTestApp):  # type: ignore[misc]
    """`nbgrader autograde` is our application here; the other verbs are nbgrader's."""

    @pytest.fixture(autouse=True)
    def _ours_in_place_of_theirs(self, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Any:
        verbs = {**NbGraderApp.subcommands, "autograde": (AutogradeManyApp, "ours")}
        monkeypatch.setattr(NbGraderApp, "subcommands", verbs)
        expect_exceptions(request)


TestSome = type("TestSome", (OursInPlaceOfTheirs,), {name: getattr(Theirs, name) for name in SOME})


@pytest.mark.long
class TestAll(OursInPlaceOfTheirs, Theirs):  # type: ignore[misc]
    """Every test of theirs."""


@pytest.mark.long
@pytest.mark.filterwarnings("ignore")
class TestAllWithOurHooks(Theirs):  # type: ignore[misc]
    """Every test of theirs, with stock `nbgrader autograde` and the lists of our nbgrader_config.py."""

    @pytest.fixture(autouse=True)
    def _our_lists(self, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
        ours = [GradeSubmission, SaveGrades, AssignLatePenalties, CheckCellMetadata]

        def init_preprocessors(converter: Any) -> None:
            converter.exporter._preprocessors = []
            for one in [] if converter._sanitizing else ours:
                converter.exporter.register_preprocessor(one)

        monkeypatch.setattr(Autograde, "_init_preprocessors", init_preprocessors)
        expect_exceptions(request)
