"""What one sandboxed session may use, and what it did use."""

from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Limits:
    """Bounds of one session. One broken submission meets them; the next one never notices."""

    memory_mb: int = 768  # address space over that of the warm process
    cpu_s: int = 15  # processor time of all threads together
    wall_s: float = 20.0  # life of the session, from opening
    grace_s: float = 1.0  # what an interrupted guest has to come back
    tmp_mb: int = 32  # the private tmp
    tmp_files: int = 2000  # files, folders and links in it
    file_mb: int = 32  # the largest single file
    open_files: int = 64
    threads: int = 64
    output_bytes: int = 1_000_000  # what cells may show; the guest keeps to it
    message_bytes: int = 256_000  # one value; the guest keeps to it
    reply_bytes: int = 4_000_000  # one reply frame; we cut the guest off beyond it

    def as_json(self) -> dict[str, int | float]:
        return asdict(self)


@dataclass(frozen=True)
class Usage:
    """What a session used until its end: processor seconds, and its peak of resident memory (shared pages included)."""

    cpu_s: float
    memory_mb: float
