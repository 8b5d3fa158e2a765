"""The learner's side of the line: runs cells, looks names up, calls functions, and keeps what cannot be sent.

It shares its process with the learner's code, which may rewrite every line of it: nothing here protects anybody.
"""

import builtins
import sys
from collections.abc import Callable
from typing import Any

from hocvu.codegrading.errors import NotCarried
from hocvu.codegrading.handles import BUILTIN_KINDS, OPERATORS
from hocvu.codegrading.named import find_named
from hocvu.codegrading.names import late_reads
from hocvu.codegrading.shell import Outputs, Shell, captured
from hocvu.codegrading.values import Decoder, Encoder

TIMED_OUT = {
    "output_type": "error",
    "ename": "CellTimeoutError",
    "evalue": "",
    "traceback": ["\x1b[0;31mCellTimeoutError\x1b[0m: No reply from kernel before timeout"],
}
MUTABLE = (list, dict, set, bytearray)


class LearnerSide:
    """Answers run, lookup, lookups, call, attr, setattr, bind, unbind and restore, one at a time."""

    def __init__(self, channel: Any, shell: Shell, outputs: Outputs) -> None:
        self._channel = channel
        self._shell = shell
        self._outputs = outputs
        self._kept: dict[int, Any] = {}
        self._ids: dict[int, int] = {}
        self._unbound: dict[str, Any] = {}

    def serve(self) -> None:
        """Answer until the line is closed (the channel then raises EOFError)."""
        while True:
            try:
                message = self._channel.receive()
                reply = self.answer(message)
                self._send(reply)
            except KeyboardInterrupt:
                self._send({"error": _describe(TimeoutError("quá thời gian"), self._keep), "outputs": []})

    def answer(self, message: dict[str, Any]) -> dict[str, Any]:
        """Return the reply to one message."""
        if message["op"] == "run":
            return self.run(message)
        if message["op"] == "lookups":
            return {"found": {name: self.answer({"op": "lookup", "name": name}) for name in message["names"]}}
        work = {
            "lookup": self._lookup, "call": self._call, "attr": self._attr, "setattr": self._setattr,
            "bind": self._bind, "unbind": self._unbind, "restore": self._restore,
        }[message["op"]]  # fmt: skip
        with captured(self._outputs):
            try:
                reply = work(message)
            except (MemoryError, SystemExit) as error:
                reply = {"error": _describe(RuntimeError(type(error).__name__), self._keep)}
            except BaseException as error:
                if isinstance(error, KeyboardInterrupt):
                    error = TimeoutError("quá thời gian")
                reply = {"error": _describe(error, self._keep)}
        return reply | {"outputs": self._outputs.finish()}

    def run(self, message: dict[str, Any]) -> dict[str, Any]:
        """Run one cell; errors are outputs, as in a notebook."""
        shell = self._shell
        shell.execution_count = message["cell"]  # tests are counted too, though they run elsewhere
        with captured(self._outputs):
            try:
                result = shell.run_cell(message["source"], store_history=True)
                error = result.error_before_exec or result.error_in_exec
            except BaseException as raised:
                error = raised
        items = self._outputs.items
        if isinstance(error, KeyboardInterrupt):
            items[:] = [item for item in items if item.get("ename") != "KeyboardInterrupt"]
            items.append(dict(TIMED_OUT))
        elif error is not None and not any(item["output_type"] == "error" for item in items):
            name = type(error).__name__
            items.append({"output_type": "error", "ename": name, "evalue": str(error), "traceback": [name]})
        late = {"late": sorted(late_reads(message["source"]))} if message.get("tell_late") else {}
        return {"ok": error is None, "outputs": self._outputs.finish(), **late}

    def _send(self, reply: dict[str, Any]) -> None:
        try:
            self._channel.send(reply)
        except (TypeError, ValueError):
            self._channel.send(
                {"error": _describe(NotCarried("kết quả quá lớn"), self._keep), "outputs": [], "ok": False}
            )

    def _lookup(self, message: dict[str, Any]) -> dict[str, Any]:
        namespace = self._shell.user_ns
        if message["name"] not in namespace:
            return {"absent": True}
        return {"value": self._encode(namespace[message["name"]])}

    def _bind(self, message: dict[str, Any]) -> dict[str, Any]:
        self._shell.user_ns[message["name"]] = self._kept[message["handle"]]
        return {"value": None}

    def _unbind(self, message: dict[str, Any]) -> dict[str, Any]:
        name = message["name"]
        if name not in self._shell.user_ns:
            return {"absent": True}
        self._unbound[name] = self._shell.user_ns.pop(name)
        return {"value": None}

    def _restore(self, message: dict[str, Any]) -> dict[str, Any]:
        self._shell.user_ns[message["name"]] = self._unbound.pop(message["name"])
        return {"value": None}

    def _call(self, message: dict[str, Any]) -> dict[str, Any]:
        target = self._kept[message["handle"]]
        method = message.get("method")
        function = getattr(target, method) if method else target
        args = [self._decode(item) for item in message["args"]]
        kwargs = {name: self._decode(item) for name, item in message["kwargs"].items()}
        before = [self._fingerprint(value) for value in args]
        value = function(*args, **kwargs)
        reply = {"value": self._encode(value)}
        changed = [n for n, old in enumerate(before) if old is not None and self._fingerprint(args[n]) != old]
        if changed:
            reply["changed"] = {str(n): self._encode(args[n]) for n in changed}
        return reply

    def _fingerprint(self, value: Any) -> Any:
        """Return the encoded form of a mutable argument, to notice whether the function changed it."""
        numpy, pandas = sys.modules.get("numpy"), sys.modules.get("pandas")
        is_array = numpy is not None and isinstance(value, numpy.ndarray)
        is_table = pandas is not None and isinstance(value, pandas.Series | pandas.DataFrame)
        return self._encode(value) if type(value) in MUTABLE or is_array or is_table else None

    def _attr(self, message: dict[str, Any]) -> dict[str, Any]:
        return {"value": self._encode(getattr(self._kept[message["handle"]], message["name"]))}

    def _setattr(self, message: dict[str, Any]) -> dict[str, Any]:
        setattr(self._kept[message["handle"]], message["name"], self._decode(message["value"]))
        return {"value": None}

    def _encode(self, value: Any) -> Any:
        return Encoder(self._keep).encode(value)

    def _decode(self, data: Any) -> Any:
        return Decoder(self._revive).decode(data)

    def _keep(self, value: Any) -> dict[str, Any]:
        """Keep what stays here, and return its handle."""
        number = self._ids.get(id(value))
        if number is None:
            number = len(self._kept) + 1
            self._kept[number], self._ids[id(value)] = value, number
        return {"t": "handle", "id": number} | describe_object(value)

    def _revive(self, data: dict[str, Any]) -> Any:
        if data["t"] == "handle":
            return self._kept[data["id"]]
        if data["t"] == "named":
            return find_named(data["module"], data["name"])
        return self._callback(data["id"])

    def _callback(self, number: int) -> Callable[..., Any]:
        """Return a function of the test, which is run on the other side each time it is called here."""

        def call_back(*args: Any, **kwargs: Any) -> Any:
            encoded = {name: self._encode(value) for name, value in kwargs.items()}
            self._channel.send({"callback": number, "args": [self._encode(v) for v in args], "kwargs": encoded})
            while (message := self._channel.receive())["op"] != "resume":
                self._send(self.answer(message))
            if "error" in message:
                raise getattr(builtins, message["error"]["ename"], RuntimeError)(message["error"]["evalue"])
            return self._decode(message["value"])

        return call_back


def describe_object(value: Any) -> dict[str, Any]:
    """Return what the other side may know of an object that stays here: claims, never proofs."""
    kind = type(value)
    operators = [name for name in OPERATORS if hasattr(kind, name)]
    told: dict[str, Any] = {"type": kind.__name__[:100], "callable": callable(value), "operators": operators}
    if kind in BUILTIN_KINDS.values():
        told["kind"] = next(name for name, known in BUILTIN_KINDS.items() if known is kind)
    if isinstance(value, type) and issubclass(value, Exception):
        told["exception"] = {"name": value.__name__[:100], "base": _builtin_base(value)}
    return told


def _builtin_base(kind: type) -> str:
    """Return the name of the nearest built-in exception."""
    names = (parent.__name__ for parent in kind.__mro__ if getattr(builtins, parent.__name__, None) is parent)
    return next(names, "Exception")


def _describe(error: BaseException, keep: Callable[[Any], dict[str, Any]]) -> dict[str, Any]:
    """Return an exception as data: the built-in that it is or extends, its text, and its own class if it has one."""
    try:
        text = str(error)[:2000]
        args = [item for item in error.args if type(item) in (str, int, float, bool, type(None))][:5]
    except Exception:
        text, args = "", []
    kind = type(error)
    told: dict[str, Any] = {"ename": kind.__name__[:100], "evalue": text, "base": _builtin_base(kind)}
    if len(args) == len(error.args) and sum(len(str(item)) for item in args) < 4000:
        told["args"] = [item for item in args if not (isinstance(item, float) and item - item != 0)]
    if isinstance(error, Exception) and getattr(builtins, kind.__name__, None) is not kind:
        told["class"] = keep(kind)["id"]
    return told
