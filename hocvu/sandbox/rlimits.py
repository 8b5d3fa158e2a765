"""Limits that the kernel keeps per process."""

import resource
from typing import Any

MIB = 1 << 20


def set_limits(limits: dict[str, Any], warm_bytes: int) -> None:
    """Bound this process for good. warm_bytes: address space that the warm process had before any learner's code."""
    bounds = {
        resource.RLIMIT_AS: warm_bytes + limits["memory_mb"] * MIB,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_CPU: limits["cpu_s"],
        resource.RLIMIT_FSIZE: limits["file_mb"] * MIB,
        resource.RLIMIT_MEMLOCK: 0,
        resource.RLIMIT_MSGQUEUE: 0,
        resource.RLIMIT_NOFILE: limits["open_files"],
        resource.RLIMIT_NPROC: limits["threads"],
    }
    for kind, bound in bounds.items():
        _, hard = resource.getrlimit(kind)
        most = bound if hard == resource.RLIM_INFINITY else min(bound, hard)
        resource.setrlimit(kind, (most, most))
