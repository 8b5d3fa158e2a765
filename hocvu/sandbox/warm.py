"""The warm process: Python with everything imported, from which each session is forked in a millisecond."""

import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import Any, Self

from hocvu.errors import HocvuError
from hocvu.sandbox.errors import SandboxLost, SandboxUnavailable
from hocvu.sandbox.limits import Limits
from hocvu.sandbox.missing import explain
from hocvu.sandbox.session import Session, open_lines

START_S = 120.0  # importing the scientific stack on a cold, loaded machine
STOP_S = 5.0
ROOM = str(Path(__file__).parent.parent.parent)  # where `import hocvu` finds us
BOOT = "import sys; sys.path.append(sys.argv[2]); from hocvu.sandbox.zygote import main; main(int(sys.argv[1]))"
# Nothing of our environment goes in. One hash seed, so that grading the same bytes again gives the same outputs.
ENVIRONMENT = {
    "HOME": "/tmp", "LANG": "C.UTF-8", "LOGNAME": "learner", "MALLOC_ARENA_MAX": "2", "MKL_NUM_THREADS": "1",
    "MPLBACKEND": "Agg", "MPLCONFIGDIR": "/tmp", "NUMEXPR_NUM_THREADS": "1", "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1", "PYTHONHASHSEED": "0", "TZ": "UTC",
}  # fmt: skip
WARNING = """\
!!! CẢNH BÁO: bài làm đang chạy KHÔNG CÓ HỘP CÁT (--unsafe-no-sandbox). Mã của người học có thể đọc, sửa, xoá mọi thứ
!!! trên máy này và tự cho điểm. Chỉ dùng để thử trên máy không có dữ liệu thật.
!!! WARNING: learners' code is running WITHOUT A SANDBOX. It can read, change and delete everything this user can."""


class BadSessionFile(HocvuError):
    """A file that a session should start with has a name or a size that cannot be."""

    code = "bad_session_file"


class Warm:
    """A process with `preload` imported and frozen, the parent of all sessions.

    Processes forked from the one that opened it may ask it for sessions too: the imports are paid once. It ends with
    the process that started it; after that, or should it die, whoever asks next starts one of their own.

    guest: "module:function", called in each child with its Channel.
    preload: modules to import, or "module:function" to call once before any fork (a tiny fit, a first repr).
    Raises SandboxUnavailable on entering unless every wall stands; with `unsafe` there are none, and stderr says so.
    """

    def __init__(
        self, *, guest: str, preload: Sequence[str] = (), limits: Limits | None = None, unsafe: bool = False
    ) -> None:
        self.guest = guest
        self.preload = tuple(preload)
        self.limits = limits or Limits()
        self.unsafe = unsafe
        self.layers: tuple[str, ...] = ()  # what stands around a session, by name
        self.memory_mb = 0.0  # resident, of the warm process
        self._owner = 0
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None

    def __enter__(self) -> Self:
        if self.unsafe:
            print(WARNING, file=sys.stderr, flush=True)
        with self._lock:
            self._start()
        try:
            self.session().close()  # one for practice: its walls are raised only now
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        with self._lock:
            self._stop()

    def session(self, files: Mapping[str, bytes] | None = None, limits: Limits | None = None) -> Session:
        """Return a new child whose working folder, private and empty but for `files`, dies with it.

        May be called from several threads at once.
        """
        given = dict(files or {})
        limits = limits or self.limits
        check_files(given, limits)
        try:
            return self._open_session(given, limits)
        except SandboxLost:
            return self._open_session(given, limits)

    def _open_session(self, files: dict[str, bytes], limits: Limits) -> Session:
        wire, leash, (incoming, outgoing, their_leash) = open_lines()
        with their_leash:
            try:
                self._send_open(limits, [incoming, outgoing, their_leash.fileno()])
            except BaseException:
                wire.close()
                leash.close()
                raise
            finally:
                os.close(incoming)
                os.close(outgoing)
        session = Session(wire, leash, limits, self.memory_mb)
        session.begin(files)
        return session

    def _send_open(self, limits: Limits, descriptors: list[int]) -> None:
        """Ask the zygote for a child; a zygote that died is started again, once."""
        request = json.dumps(limits.as_json()).encode()
        with self._lock:
            if self._control is None or self._process is None:
                raise SandboxUnavailable("Hộp cát chưa mở hoặc đã đóng: dùng `with Warm(...) as warm:`.")
            try:
                socket.send_fds(self._control, [request], descriptors)
            except (BrokenPipeError, ConnectionResetError):
                self._stop()
                self._start()
                socket.send_fds(self._control, [request], descriptors)

    def _start(self) -> None:
        self._owner = os.getpid()
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            number = theirs.fileno()
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-s", "-B", "-X", "utf8", "-c", BOOT, str(number), ROOM],
                env=ENVIRONMENT, cwd="/", pass_fds=[number], start_new_session=True,
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            )  # fmt: skip
        self._control = ours
        ours.settimeout(START_S)
        order = {"guest": self.guest, "preload": self.preload, "unsafe": self.unsafe, "room": ROOM}
        try:
            ours.send(json.dumps(order).encode())
            answer: dict[str, Any] = json.loads(ours.recv(1 << 16) or b'{"missing": "start"}')
        except (OSError, ValueError) as error:
            answer = {"missing": "start", "detail": repr(error)}
        if "missing" in answer:
            self._stop()
            raise SandboxUnavailable(explain(answer["missing"], answer.get("detail", "")), answer["missing"])
        ours.settimeout(None)
        self.layers, self.memory_mb = tuple(answer["layers"]), answer["memory_mb"]

    def _stop(self) -> None:
        """Hang up: a zygote that nobody else holds kills its children and leaves. Who started it waits for that."""
        control, process = self._control, self._process
        self._control = self._process = None
        if control is not None:
            control.close()
        if process is not None and self._owner == os.getpid():
            try:
                process.wait(STOP_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def check_files(files: Mapping[str, bytes], limits: Limits) -> None:
    """Raise BadSessionFile unless every name is a plain relative path and everything fits into half the tmp."""
    for name in files:
        parts = PurePosixPath(name).parts
        if not parts or "\0" in name or parts[0] == "/" or ".." in parts:
            raise BadSessionFile(f"Tên tệp {name!r} không hợp lệ: cần một đường dẫn tương đối, không có '..'.")
    size = sum(len(data) for data in files.values())
    if size > limits.tmp_mb * 500_000 or len(files) > limits.tmp_files // 2:
        raise BadSessionFile(f"{len(files)} tệp, {size} byte: quá nhiều cho thư mục tạm {limits.tmp_mb} MiB.")
