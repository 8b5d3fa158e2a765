"""What stops the warm process from starting: the name of what is missing (see missing.py) and what the system said."""


class Failure(Exception):
    """One wall cannot be raised."""

    def __init__(self, missing: str, detail: str = "") -> None:
        super().__init__(missing, detail)
        self.missing = missing
        self.detail = detail
