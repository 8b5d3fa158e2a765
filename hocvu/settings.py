"""All settings, read once at start from the environment (names HOCVU_<FIELD>)."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

from hocvu.errors import RestoreUnfinished, SettingsError

# What the running system keeps in `var` and cannot make again; with the signing key (hocvu.signing) all there is.
STORE_FILE, QUEUE_FILE, SECRET_FILE = "hocvu.db", "queue.db", "secret"
RESTORING = "restoring"  # folder in `var` while a backup is put back: until it is gone nothing else opens the store


@dataclass(frozen=True)
class Settings:
    """Every knob with its unit and default. Text fields come from the environment as they are."""

    root: Path = Path(".")  # the course root: course/, source/, release/
    var: Path = Path("var")  # what the running system writes: database, secret, built site
    database_url: str = ""  # SQLAlchemy URL; empty: SQLite in `var`
    host: str = "127.0.0.1"  # address the server listens on
    port: int = 8000
    portal_origin: str = ""  # where people log in; empty: http://localhost:<port>
    lite_origin: str = ""  # where lessons run, another host so that notebook code never meets the portal's cookie
    trusted_proxies: str = ""  # addresses or networks of our proxies, comma between; only they may name the client
    session_hours: float = 12.0  # a log-in ends after this long
    max_answers_bytes: int = 1_000_000  # largest accepted submission
    worker_name: str = ""  # fixed name of a grading worker: its jobs are found by it after a crash; empty: this host
    worker_slots: int = 0  # attempts a worker grades at once; 0: one per core
    worker_apart: int = 0  # 1: workers run on their own (hocvu worker); 0: hocvu serve starts one when it is needed
    secret_hex: str = ""  # signs sessions and seeds; empty: made once and kept in `var`

    @property
    def portal(self) -> str:
        return self.portal_origin or f"http://localhost:{self.port}"

    @property
    def lite(self) -> str:
        return self.lite_origin or f"http://127.0.0.1:{self.port}"

    @property
    def database(self) -> str:
        """The store's URL. Raises RestoreUnfinished where a restore broke off: what is there may be half of it."""
        if (self.var / RESTORING).exists():
            raise RestoreUnfinished(
                f"{self.var / RESTORING}: việc phục hồi vào đây chưa xong. Anh/chị chạy lại cùng lệnh hocvu restore; "
                "lệnh ấy làm lại hoặc làm tiếp, rồi mới mở được cổng học."
            )
        return self.store_url

    @property
    def store_url(self) -> str:
        """The store's URL, whatever state it is in: only for restoring."""
        return self.database_url or f"sqlite:///{self.var.resolve() / STORE_FILE}"

    def read_secret(self) -> bytes:
        """Return the signing secret, 32 bytes; the first call on a fresh `var` makes it (mode 600)."""
        if self.secret_hex:
            return bytes.fromhex(self.secret_hex)
        path = self.var / SECRET_FILE
        try:
            return bytes.fromhex(path.read_text(encoding="ascii"))
        except FileNotFoundError:
            self.var.mkdir(parents=True, exist_ok=True)
        secret = secrets.token_bytes(32)
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:  # another process was first
            return bytes.fromhex(path.read_text(encoding="ascii"))
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secret.hex())
        return secret


_CONVERTERS: dict[object, type] = {Path: Path, str: str, int: int, float: float}


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Return Settings from HOCVU_* variables; raises SettingsError naming the variable and its value."""
    given: dict[str, object] = {}
    for field in fields(Settings):
        name = f"HOCVU_{field.name.upper()}"
        if name not in environment:
            continue
        convert = _CONVERTERS[field.type]
        try:
            given[field.name] = convert(environment[name])
        except ValueError as error:
            raise SettingsError(f"{name}={environment[name]!r}: expected {convert.__name__}.") from error
    return Settings(**given)  # type: ignore[arg-type]
