"""Why a roster file or a step of its import is refused."""

from hocvu.errors import HocvuError


class RosterError(HocvuError):
    """A roster cannot be read or imported; the message says where, what and what to do."""

    code = "roster"


class UnreadableFile(RosterError):
    """The file as a whole cannot be used: broken, protected, too large, no header."""

    code = "roster_file"


class IdentityNumbers(RosterError):
    """The file holds something like national identity numbers. Messages never repeat a value."""

    code = "roster_identity"


class ImportRefused(RosterError):
    """A checked file cannot be applied, or not any more."""

    code = "roster_import"
