"""The one root of our errors: a stable code, and a message that says where, what and what to do next."""


class HocvuError(Exception):
    """An error with a stable `code`; its text is safe to show to the person who caused it."""

    code = "error"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class UnknownItem(HocvuError):
    """An answer names an item that the assignment does not have."""

    code = "unknown_item"


class AuthoringError(HocvuError):
    """A notebook, question or course file is wrong; the message names file, cell, value and the mend."""

    code = "authoring"


class BadNotebook(HocvuError):
    """A notebook cannot be read: not JSON, not nbformat 4, too large, or a link."""

    code = "bad_notebook"


class SettingsError(HocvuError):
    """A setting has a value that cannot be used."""

    code = "settings"


class RestoreUnfinished(HocvuError):
    """A backup is being put back here, or that broke off."""

    code = "restore_unfinished"
