"""The smallest guest: runs code in one namespace and answers with what the code left in `answer`."""

import contextlib
import io
import threading
import traceback
from typing import Any

from hocvu.sandbox.channel import Channel


def main(channel: Channel) -> None:
    names: dict[str, Any] = {"channel": channel}
    while True:
        message = channel.receive()
        try:
            reply = run(message, names)
            channel.send(reply)
        except KeyboardInterrupt:
            channel.send({"error": "KeyboardInterrupt"})
        except (TypeError, ValueError) as error:
            channel.send({"error": f"{type(error).__name__}: {error}"})


def run(message: dict[str, Any], names: dict[str, Any]) -> dict[str, Any]:
    """Return {"answer": …} or {"error": …} of one message {"code": …}; {"echo": …} comes back as it is."""
    if "echo" in message:
        return {"answer": message["echo"]}
    names["answer"] = None
    try:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            exec(compile(message["code"], "<cell>", "exec"), names)
    except SystemExit as error:
        return {"error": f"SystemExit: {error}"}
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}", "trace": traceback.format_exc(limit=3)}
    return {"answer": names["answer"]}


def main_was_imported() -> None:
    """Be called once before any fork."""


def start_a_thread() -> None:
    """Do what no preloaded module may do."""
    threading.Thread(target=threading.Event().wait, daemon=True).start()
