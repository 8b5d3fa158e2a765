"""The child's side of a fork: from the zygote's copy to a walled-in process that runs the guest, and never returns."""

import os
import signal
from collections.abc import Callable
from typing import Any, NoReturn

from hocvu.sandbox.channel import Channel, ChannelClosed
from hocvu.sandbox.failure import Failure
from hocvu.sandbox.no_walls import NoWalls
from hocvu.sandbox.walls import Walls

INCOMING, OUTGOING = 3, 4
SETUP_EXIT, MEMORY_EXIT, FAULT_EXIT = 70, 71, 72


def be_learner(
    walls: Walls | NoWalls,
    guest: Callable[[Channel], None],
    folder: str,
    incoming: int,
    outgoing: int,
    limits: dict[str, Any],
) -> NoReturn:
    """Wall this process in, receive the session's files, run the guest and exit."""
    code = SETUP_EXIT
    try:
        keep_only(incoming, outgoing)
        channel = Channel(INCOMING, OUTGOING, limits["reply_bytes"])
        trouble = None
        try:
            walls.confine(folder, limits)
        except Failure as failure:
            trouble = failure
        except Exception as error:  # a wall does not stand: say so and run nothing
            trouble = Failure("session", f"{type(error).__name__}: {error}")
        hello = channel.receive()
        if trouble:
            channel.send({"missing": trouble.missing, "detail": trouble.detail})
        else:
            write_files(channel, hello["files"])
            channel.send({"ready": True})
            code = FAULT_EXIT
            channel.watch_interrupts()
            guest(channel)
            code = 0
    except (ChannelClosed, SystemExit):
        code = 0
    except MemoryError:
        code = MEMORY_EXIT
    finally:
        os._exit(code)


def keep_only(incoming: int, outgoing: int) -> None:
    """Leave open: /dev/null as the three standard streams, and the two pipes as 3 and 4. Nothing of the zygote's."""
    null = os.open("/dev/null", os.O_RDWR)
    kept = [os.dup(descriptor) for descriptor in (null, incoming, outgoing)]
    high = [os.dup2(descriptor, 200 + index) for index, descriptor in enumerate(kept)]
    os.closerange(0, 200)
    for number, source in enumerate((high[0], high[0], high[0], high[1], high[2])):
        os.dup2(source, number, inheritable=False)
    os.closerange(5, os.sysconf("SC_OPEN_MAX"))
    signal.set_wakeup_fd(-1)


def write_files(channel: Channel, files: list[list[Any]]) -> None:
    """Write the files that follow the first message into the working folder."""
    for name, size in files:
        data = channel.receive_bytes(size)
        if "/" in name:
            os.makedirs(os.path.dirname(name), exist_ok=True)
        with open(name, "wb") as file:
            file.write(data)
