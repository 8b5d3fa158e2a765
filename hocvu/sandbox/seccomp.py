"""The list of system calls that learner code may make, and the kernel filter that enforces it.

Everything else answers "operation not permitted": sockets, fork and exec, kill, ptrace, mounts, namespaces, io_uring,
keyrings, memfd, file locks, System V objects… A list of what is allowed stays right when a kernel grows new calls.
The numbers are those of x86_64; calls of any other ABI end the process.
"""

import ctypes
import struct
from collections.abc import Iterable

from hocvu.sandbox import linux

AUDIT_ARCH_X86_64 = 0xC000003E
X32_BIT = 0x40000000
ALLOW, KILL, REFUSE, UNKNOWN = 0x7FFF0000, 0x80000000, 0x00050001, 0x00050026  # …, EPERM, ENOSYS

LOAD, EQUAL, AT_LEAST, ANY_BIT, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06  # BPF_LD|W|ABS, JEQ, JGE, JSET, RET
NUMBER, ARCH, ARGUMENTS = 0, 4, 16  # offsets in struct seccomp_data

MEMORY = {"mmap": 9, "mprotect": 10, "munmap": 11, "brk": 12, "mremap": 25, "msync": 26, "mincore": 27, "madvise": 28}
FILES = {
    "read": 0, "write": 1, "open": 2, "close": 3, "stat": 4, "fstat": 5, "lstat": 6, "lseek": 8, "pread64": 17,
    "pwrite64": 18, "readv": 19, "writev": 20, "access": 21, "dup": 32, "dup2": 33, "sendfile": 40, "fsync": 74,
    "fdatasync": 75, "truncate": 76, "ftruncate": 77, "getdents": 78, "getcwd": 79, "chdir": 80, "fchdir": 81,
    "rename": 82, "mkdir": 83, "rmdir": 84, "creat": 85, "link": 86, "unlink": 87, "symlink": 88, "readlink": 89,
    "chmod": 90, "fchmod": 91, "umask": 95, "utime": 132, "statfs": 137, "fstatfs": 138, "getxattr": 191,
    "lgetxattr": 192, "fgetxattr": 193, "listxattr": 194, "llistxattr": 195, "flistxattr": 196, "getdents64": 217,
    "fadvise64": 221, "utimes": 235, "openat": 257, "mkdirat": 258, "newfstatat": 262, "unlinkat": 263,
    "renameat": 264, "linkat": 265, "symlinkat": 266, "readlinkat": 267, "fchmodat": 268, "faccessat": 269,
    "utimensat": 280, "fallocate": 285, "dup3": 292, "preadv": 295, "pwritev": 296, "renameat2": 316,
    "copy_file_range": 326, "statx": 332, "close_range": 436, "faccessat2": 439, "fchmodat2": 452,
}  # fmt: skip
WAITING = {
    "poll": 7, "pipe": 22, "select": 23, "sched_yield": 24, "nanosleep": 35, "getitimer": 36, "alarm": 37,
    "setitimer": 38, "epoll_create": 213, "restart_syscall": 219, "clock_nanosleep": 230, "epoll_wait": 232,
    "epoll_ctl": 233, "pselect6": 270, "ppoll": 271, "epoll_pwait": 281, "epoll_create1": 291, "pipe2": 293,
}  # fmt: skip
THREADS = {
    "rt_sigaction": 13, "rt_sigprocmask": 14, "rt_sigreturn": 15, "exit": 60, "rt_sigpending": 127,
    "rt_sigtimedwait": 128, "rt_sigsuspend": 130, "sigaltstack": 131, "arch_prctl": 158, "futex": 202,
    "sched_getaffinity": 204, "set_tid_address": 218, "exit_group": 231, "set_robust_list": 273,
    "get_robust_list": 274, "membarrier": 324, "rseq": 334,
}  # fmt: skip
FACTS = {
    "getpid": 39, "uname": 63, "gettimeofday": 96, "getrlimit": 97, "getrusage": 98, "sysinfo": 99, "times": 100,
    "getuid": 102, "getgid": 104, "geteuid": 107, "getegid": 108, "getppid": 110, "getpgrp": 111, "getgroups": 115,
    "getresuid": 118, "getresgid": 120, "getpgid": 121, "getsid": 124, "getpriority": 140, "sched_getparam": 143,
    "sched_getscheduler": 145, "sched_get_priority_max": 146, "sched_get_priority_min": 147, "gettid": 186,
    "time": 201, "clock_gettime": 228, "clock_getres": 229, "getcpu": 309, "getrandom": 318,
}  # fmt: skip
ALLOWED = MEMORY | FILES | WAITING | THREADS | FACTS

CLONE, CLONE3, IOCTL, FCNTL, TGKILL, PRLIMIT = 56, 435, 16, 72, 234, 302
CLONE_THREAD = 0x00010000
NEW_NAMESPACES = (
    linux.CLONE_NEWNS | linux.CLONE_NEWCGROUP | linux.CLONE_NEWUTS | linux.CLONE_NEWIPC
    | linux.CLONE_NEWUSER | linux.CLONE_NEWPID | linux.CLONE_NEWNET
)  # fmt: skip
IOCTLS = (
    0x5401,
    0x5413,
    0x541B,
    0x5421,
    0x5450,
    0x5451,
)  # a terminal? its size, bytes waiting, (non-)blocking, cloexec
FCNTLS = (0, 1, 2, 3, 4, 1030)  # duplicate, get and set flags; no locks, leases, signals, pipe sizes


def instruction(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("HBBI", code, if_true, if_false, value)


def argument(index: int, high: bool = False) -> bytes:
    return instruction(LOAD, ARGUMENTS + 8 * index + 4 * high)


def result(action: int) -> bytes:
    return instruction(RETURN, action)


def when_called(number: int, body: Iterable[bytes]) -> bytes:
    """Return `body`, which must end by returning, behind a jump over it for every other call."""
    steps = b"".join(body)
    return instruction(EQUAL, number, 0, len(steps) // 8) + steps


def one_of(index: int, values: Iterable[int]) -> list[bytes]:
    """Allow if the low half of an argument, all that the kernel looks at here, is among `values`."""
    tests = [instruction(EQUAL, value, 0, 1) + result(ALLOW) for value in values]
    return [argument(index), *tests, result(REFUSE)]


def build_filter(own_pid: int) -> bytes:
    """Return the BPF program; `own_pid` is the only process that may be signalled (abort() does so)."""
    only_threads = [
        argument(0),
        instruction(ANY_BIT, NEW_NAMESPACES, 0, 1) + result(REFUSE),
        instruction(ANY_BIT, CLONE_THREAD, 0, 1) + result(ALLOW),
        result(REFUSE),
    ]
    only_reading = [
        argument(2) + instruction(EQUAL, 0, 1, 0) + result(REFUSE),
        argument(2, high=True) + instruction(EQUAL, 0, 1, 0) + result(REFUSE),
        result(ALLOW),
    ]
    return b"".join(
        [
            instruction(LOAD, ARCH),
            instruction(EQUAL, AUDIT_ARCH_X86_64, 1, 0) + result(KILL),
            instruction(LOAD, NUMBER),
            instruction(AT_LEAST, X32_BIT, 0, 1) + result(KILL),
            *[instruction(EQUAL, number, 0, 1) + result(ALLOW) for number in sorted(ALLOWED.values())],
            when_called(CLONE, only_threads),
            when_called(CLONE3, [result(UNKNOWN)]),  # its flags lie in memory; told so, libc calls clone
            when_called(IOCTL, one_of(1, IOCTLS)),
            when_called(FCNTL, one_of(1, FCNTLS)),
            when_called(TGKILL, one_of(0, [own_pid])),
            when_called(PRLIMIT, only_reading),
            result(REFUSE),
        ]
    )


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_void_p)]


def install_filter(code: bytes) -> None:
    """Bind this thread, and all it will start, to a list from build_filter for good. no_new_privs must be set."""
    buffer = ctypes.create_string_buffer(code, len(code))
    program = _Program(len(code) // 8, ctypes.cast(buffer, ctypes.c_void_p))
    set_mode_filter = 1
    address = ctypes.addressof(program)
    linux.call(linux.SYS_SECCOMP, set_mode_filter, 0, address, what="seccomp")
