"""Landlock, the second wall: even through a hole in the mounts, a learner writes nowhere but in its tmp."""

import os
import struct

from hocvu.sandbox import linux

SYS_CREATE_RULESET, SYS_ADD_RULE, SYS_RESTRICT_SELF = 444, 445, 446
VERSION_FLAG, RULE_PATH_BENEATH = 1, 1

WRITE_FILE, READ_FILE, READ_DIR = 1 << 1, 1 << 2, 1 << 3
REMOVE_DIR, REMOVE_FILE, MAKE_DIR, MAKE_REG, MAKE_SYM = 1 << 4, 1 << 5, 1 << 7, 1 << 8, 1 << 12
REFER, TRUNCATE = 1 << 13, 1 << 14
BITS_OF_ABI = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}  # newer ones have at least these
TCP = 0b11
SIGNALS_AND_ABSTRACT_SOCKETS = 0b11

READ = READ_FILE | READ_DIR
CHANGE = WRITE_FILE | REMOVE_DIR | REMOVE_FILE | MAKE_DIR | MAKE_REG | MAKE_SYM | REFER | TRUNCATE


def landlock_abi() -> int:
    """Return the version of Landlock in this kernel, 0 without it."""
    try:
        return linux.call(SYS_CREATE_RULESET, None, 0, VERSION_FLAG, what="landlock")
    except OSError:
        return 0


def restrict(abi: int) -> None:
    """Allow this process to read /, to change files in /tmp and to write to /dev/null. no_new_privs must be set."""
    handled = (1 << BITS_OF_ABI.get(abi, 16)) - 1
    attributes = struct.pack("Q", handled)
    if abi >= 4:
        attributes += struct.pack("Q", TCP)
    if abi >= 6:
        attributes += struct.pack("Q", SIGNALS_AND_ABSTRACT_SOCKETS)
    ruleset = linux.call(SYS_CREATE_RULESET, attributes, len(attributes), 0, what="landlock_create_ruleset")
    try:
        for path, rights in (("/", READ), ("/tmp", READ | CHANGE), ("/dev/null", WRITE_FILE)):
            _add_rule(ruleset, path, rights & handled)
        linux.call(SYS_RESTRICT_SELF, ruleset, 0, what="landlock_restrict_self")
    finally:
        os.close(ruleset)


def _add_rule(ruleset: int, path: str, rights: int) -> None:
    descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        rule = struct.pack("=Qi", rights, descriptor)
        linux.call(SYS_ADD_RULE, ruleset, RULE_PATH_BENEATH, rule, 0, what=f"landlock_add_rule {path}")
    finally:
        os.close(descriptor)
