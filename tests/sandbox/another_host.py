"""Pretend to be another host, then try the sandbox and print what happened as JSON.

without CALL      the kernel refuses a system call       older-than CALL   the kernel does not know it
as-nobody         an ordinary user                       unreadable DIR    libraries closed to other users
"""

import ctypes
import json
import os
import sys
from typing import Any

from hocvu.sandbox import SandboxUnavailable, Warm, check_host, linux
from hocvu.sandbox.seccomp import (
    ALLOW,
    LOAD,
    NUMBER,
    REFUSE,
    UNKNOWN,
    _Program,
    instruction,
    result,
    when_called,
)

CALLS = {"unshare": 272, "pivot_root": 155, "mount_setattr": 442, "seccomp": 317, "landlock_create_ruleset": 444}
LOOK = """
import os, socket
def kind(attempt):
    try: attempt()
    except OSError as error: return type(error).__name__
    return "done"
answer = [[n for n in sorted(os.listdir("/")) if n in ("dev", "tmp", "etc", "proc", "home")], os.listdir("."),
          kind(lambda: socket.socket()), kind(os.fork), kind(lambda: os.kill(-1, 9)), os.getpid()]
"""


def refuse(call: str, action: int) -> None:
    """Put a filter on ourselves, and so on all we start, that refuses one call."""
    code = b"".join([instruction(LOAD, NUMBER), when_called(CALLS[call], [result(action)]), result(ALLOW)])
    buffer = ctypes.create_string_buffer(code, len(code))
    program = _Program(len(code) // 8, ctypes.cast(buffer, ctypes.c_void_p))
    linux.prctl(linux.PR_SET_NO_NEW_PRIVS, 1)
    linux.call(linux.SYS_SECCOMP, 1, 0, ctypes.addressof(program), what="seccomp")


def become_nobody() -> None:
    """Become user 65534; where Python lies below a closed home, open the way in a mount namespace of our own."""
    linux.unshare(linux.CLONE_NEWNS)
    linux.mount("none", "/", "", linux.MS_REC | linux.MS_PRIVATE)
    home = os.path.expanduser("~root")
    if os.path.realpath(sys.executable).startswith(home + "/"):
        inner = os.path.join(home, os.path.relpath(os.path.realpath(sys.executable), home).split("/")[0])
        linux.mount(inner, "/mnt", "", linux.MS_BIND | linux.MS_REC)
        linux.mount("tmpfs", home, "tmpfs", 0, "mode=0755")
        os.mkdir(inner)
        linux.mount("/mnt", inner, "", linux.MS_BIND | linux.MS_REC)
    os.setgroups([])
    os.setresgid(65534, 65534, 65534)
    os.setresuid(65534, 65534, 65534)


def close_libraries(folder: str) -> None:
    """Cover Python's libraries by themselves, in a folder that only we may enter."""
    linux.unshare(linux.CLONE_NEWNS)
    linux.mount("none", "/", "", linux.MS_REC | linux.MS_PRIVATE)
    os.mkdir(f"{folder}/up"), os.mkdir(f"{folder}/work")
    target = f"{sys.prefix}/lib"
    linux.mount("overlay", target, "overlay", 0, f"lowerdir={target},upperdir={folder}/up,workdir={folder}/work")
    os.chmod(target, 0o700)


def report() -> dict[str, Any]:
    found: dict[str, Any] = {"missing": [missing.name for missing in check_host()], "ran": False}
    try:
        with Warm(guest="tests.sandbox.echo_guest:main") as warm, warm.session() as session:
            found["seen"] = session.ask({"code": LOOK}, 10)["answer"]
            found["ran"] = True
    except SandboxUnavailable as error:
        found["said"] = error.message
    return found


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["without", call]:
            refuse(call, REFUSE)
        case ["older-than", call]:
            refuse(call, UNKNOWN)
        case ["as-nobody"] if os.geteuid() == 0:
            become_nobody()
        case ["unreadable", folder]:
            close_libraries(folder)
    print(json.dumps(report()))
