"""Why a submission was not graded: a key and its values, put into words only for the person who reads them."""

from dataclasses import dataclass, field

from hocvu.errors import HocvuError


@dataclass(frozen=True)
class Problem:
    """key: a text of words.py. values: what that text names."""

    key: str
    values: dict[str, str | int | float] = field(default_factory=dict)


class BadSubmission(HocvuError):
    """A submission that cannot be graded as it is. The others go on."""

    code = "bad_submission"

    def __init__(self, key: str, **values: str | int | float) -> None:
        super().__init__(f"{key}: {values}")
        self.problem = Problem(key, values)


class DiskFull(HocvuError):
    """There is no room left where the autograded files go: the run ends, what is recorded stays recorded."""

    code = "disk_full"
