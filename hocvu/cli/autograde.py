"""The verb `autograde`: nbgrader's arguments, our pipeline."""

from argparse import Namespace

from hocvu.autograde.app import run_autograde
from hocvu.settings import Settings


def autograde(settings: Settings, chosen: Namespace) -> int:
    """Grade submitted/ into autograded/ and the gradebook; 1 if a submission could not be graded."""
    return run_autograde(chosen.arguments, settings.root)
