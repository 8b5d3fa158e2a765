"""Cheat: talk to the kernel where it is large and seldom watched."""

import pytest

from tests.attacks.story import Learner

REFUSED = {
    "ptrace": "101, 0, 0, 0, 0", "process_vm_readv": "310, 1, 0, 0, 0, 0, 0",
    "process_vm_writev": "311, 1, 0, 0, 0, 0, 0", "io_uring_setup": "425, 8, params",
    "io_uring_enter": "426, 3, 1, 0, 0, 0", "memfd_create": "319, b'x', 0", "memfd_secret": "447, 0",
    "keyctl": "250, 0, -3, 1", "add_key": "248, b'user', b'x', b'y', 1, -3",
    "request_key": "249, b'user', b'x', 0, 0", "unshare a user namespace": "272, 0x10000000",
    "unshare a mount namespace": "272, 0x20000", "setns": "308, 3, 0", "bpf": "321, 0, params, 64",
    "perf_event_open": "298, params, 0, -1, -1, 0", "userfaultfd": "323, 1",
    "mount": "165, b'x', b'/tmp', b'tmpfs', 0, 0", "umount2": "166, b'/tmp', 2", "pivot_root": "155, b'.', b'.'",
    "open_tree": "428, -100, b'/', 1", "move_mount": "429, -100, b'/', -100, b'/tmp', 0",
    "fsopen": "430, b'tmpfs', 0", "chroot": "161, b'/tmp'", "setuid": "105, 0", "setresuid": "117, 0, 0, 0",
    "setgroups": "116, 0, 0", "capset": "126, params, params", "mknod": "133, b'/tmp/null', 0o20666, 259",
    "flock": "73, 3, 2", "personality": "135, 0x40000", "prctl (dumpable)": "157, 4, 1, 0, 0, 0",
    "seccomp": "317, 1, 0, params", "init_module": "175, params, 8, b''", "kexec_load": "246, 0, 0, 0, 0",
    "reboot": "169, 0, 0, 0, 0", "sethostname": "170, b'x', 1", "swapon": "167, b'x', 0",
    "clock_settime": "227, 0, params", "quotactl": "179, 0, 0, 0, 0", "acct": "163, 0",
    "shmget": "29, 1, 4096, 0o1777", "msgget": "68, 1, 0o1777", "semget": "64, 1, 1, 0o1777",
    "mq_open": "240, b'x', 66, 0o777, 0", "fork": "57", "vfork": "58", "clone without a thread": "56, 17, 0, 0, 0, 0",
    "clone into a user namespace": "56, 0x10000011, 0, 0, 0, 0", "execveat": "322, 3, b'', 0, 0, 0x1000",
    "kcmp": "312, 1, 1, 0, 0, 0", "pidfd_getfd": "438, 3, 0, 0",
    "name_to_handle_at": "303, -100, b'/', params, params, 0", "open_by_handle_at": "304, 3, params, 0",
    "fanotify_init": "300, 0, 0", "inotify_init1": "294, 0", "setpriority": "141, 0, 0, -20",
    "ioprio_set": "251, 1, 0, 0", "sched_setscheduler": "144, 0, 1, params", "setrlimit": "160, 0, params",
    "landlock": "444, 0, 0, 1", "process_madvise": "440, 3, 0, 0, 0, 0", "vmsplice": "278, 3, 0, 0, 0",
    "socket": "41, 2, 1, 0", "iopl": "172, 3",
}  # fmt: skip

CALL = """
import ctypes, errno
libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = ctypes.c_long
params = ctypes.create_string_buffer(256)
ctypes.set_errno(0)
answer = [libc.syscall({arguments}), errno.errorcode.get(ctypes.get_errno())]
"""


def test_every_call_off_the_list_is_refused(learner: Learner) -> None:
    found = {name: learner.runs(CALL.format(arguments=arguments)) for name, arguments in REFUSED.items()}
    assert {name: result for name, result in found.items() if result != [-1, "EPERM"]} == {}


def test_clone3_seems_not_to_exist(learner: Learner) -> None:
    assert learner.runs(CALL.format(arguments="435, params, 88")) == [-1, "ENOSYS"]


@pytest.mark.parametrize("command", ["F_SETLK", "F_SETLKW", "F_OFD_SETLK", "F_SETLEASE", "F_NOTIFY", "F_SETPIPE_SZ"])
def test_descriptors_are_only_copied_and_flagged(learner: Learner, command: str) -> None:
    code = f"import fcntl; f = open('x', 'w'); fcntl.fcntl(f, getattr(fcntl, {command!r}), 1)"
    assert learner.is_refused(code)


def test_file_locks_are_refused(learner: Learner) -> None:
    assert learner.is_refused("import fcntl; fcntl.lockf(open('x', 'w'), fcntl.LOCK_EX)")


def test_terminal_commands_are_refused(learner: Learner) -> None:
    assert learner.is_refused("import fcntl; fcntl.ioctl(0, 0x5412, b'x')")


def test_limits_are_not_changed_back(learner: Learner) -> None:
    assert learner.error_of("import resource; resource.setrlimit(resource.RLIMIT_AS, (-1, -1))")
    assert learner.runs("import resource; answer = resource.getrlimit(resource.RLIMIT_NPROC)") == [64, 64]


@pytest.mark.parametrize("machine_code", ["b8 14 00 00 00 cd 80 c3", "b8 01 00 00 40 0f 05 c3"])
def test_another_abi_of_the_kernel_ends_the_process(learner: Learner, machine_code: str) -> None:
    """The 32-bit entry (int 0x80) and the x32 numbers would mean other calls by the same numbers."""
    code = f"""
import ctypes, mmap
page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
page.write(bytes.fromhex({machine_code!r}))
call = ctypes.CFUNCTYPE(ctypes.c_long)(ctypes.addressof(ctypes.c_char.from_buffer(page)))
answer = call()
"""
    assert learner.dies_of(code) == "killed"
