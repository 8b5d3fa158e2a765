"""Where tests run: a child of its own, without a line of learner code, that asks for the learner's values.

Its messages: "setup" runs an instructor's cell, "test" a test cell. While a test runs, the reply may be {"ask": …},
which is carried to the learner's side and comes back as {"op": "answer", "reply": …}.
"""

import builtins
from collections.abc import Callable
from typing import Any, NoReturn

from IPython.display import display

from hocvu.codegrading.errors import BadValue, LearnerError, NotByValue, shorten
from hocvu.codegrading.handles import CallableHandle, Handle, Line, is_handle, told_of
from hocvu.codegrading.named import name_of
from hocvu.codegrading.namespace import TestNamespace
from hocvu.codegrading.shell import Outputs, Shell
from hocvu.codegrading.testcell import run_setup, run_test
from hocvu.codegrading.values import Decoder, Encoder


class Bench:
    """Runs set-up and test cells in one namespace, and is the tests' line to the learner's side."""

    def __init__(self, channel: Any, shell: Shell, outputs: Outputs) -> None:
        self._channel = channel
        self._shell = shell
        self._outputs = outputs
        self._functions: dict[int, Callable[..., Any]] = {}
        self._exceptions: dict[int, type] = {}
        self.namespace = TestNamespace(self)
        self.namespace.update(get_ipython=shell.get_ipython, display=display)
        self.hidden = False  # no output of a learner's function is kept once hidden lines run
        self.was_hidden = False  # from then on, what the learner's code says of itself may be a hidden input
        self.refused = ""  # the first NotByValue, however the test went on
        self.wrote_stderr = False
        self.changed: list[Any] = []  # arguments that the learner's function says it changed
        self._found: dict[str, Any] = {}  # what the learner's side told when the test began; void once it runs again

    def serve(self) -> None:
        """Answer until the line is closed (the channel then raises EOFError)."""
        while True:
            message = self._channel.receive()
            try:
                reply = self._work(message)
            except KeyboardInterrupt:
                reply = {"status": "failed", "outputs": [], "timed_out": True}
            self._channel.send(reply)

    def _work(self, message: dict[str, Any]) -> dict[str, Any]:
        self.hidden, self.refused, self.wrote_stderr, self.changed = False, "", False, []
        self._found = message.get("found", {})
        self.namespace.begin(message)
        run = run_setup if message["op"] == "setup" else run_test
        return run(self, self._shell, self._outputs, message)

    def refuse(self, what: str) -> NoReturn:
        """Raise NotByValue, and remember it in case the test catches it."""
        self.refused = self.refused or what
        raise NotByValue(what)

    def lookup(self, name: str) -> Any:
        """Return the learner's value of that name; KeyError if there is none."""
        reply = self._found.pop(name, None)
        if type(reply) is dict:
            self._keep_outputs(reply.get("outputs"))
        else:
            reply = self._ask({"op": "lookup", "name": name})
        if reply.get("absent") is True:
            raise KeyError(name)
        return self._value(reply)

    def rebind(self, op: str, name: str, handle: int | None = None) -> None:
        """Unbind a name on the learner's side, restore it, or bind it to a thing of theirs. KeyError: no such name."""
        reply = self._ask({"op": op, "name": name, "handle": handle})
        if reply.get("absent") is True:
            raise KeyError(name)
        self._value(reply)

    def call(self, handle: int, method: str | None, args: Any, kwargs: Any, copy_back: bool = False) -> Any:
        if name := self.namespace.seen_otherwise:
            self.refuse(f"the test gives {name} another value, and a function of the learner's looks {name} up")
        self.namespace.forget_values()
        encoded = {name: self._encode(value) for name, value in kwargs.items()}
        ask = {"op": "call", "handle": handle, "method": method, "kwargs": encoded}
        reply = self._ask(ask | {"args": [self._encode(value) for value in args]})
        value = self._value(reply)
        self._note_changes(reply.get("changed"), args, copy_back and value is None)
        return value

    def attr(self, handle: int, name: str) -> Any:
        return self._value(self._ask({"op": "attr", "handle": handle, "name": name}))

    def set_attr(self, handle: int, name: str, value: Any) -> None:
        self._value(self._ask({"op": "setattr", "handle": handle, "name": name, "value": self._encode(value)}))

    def _ask(self, message: dict[str, Any]) -> dict[str, Any]:
        """Carry a message to the learner's side, serving what it asks of the test's own functions meanwhile."""
        if message["op"] != "lookup":
            self._found.clear()  # learner's code may run now and change them
        reply = self._exchange(message)
        while "callback" in reply:
            reply = self._exchange(self._call_back(reply))
        self._keep_outputs(reply.get("outputs"))
        return reply

    def _exchange(self, message: dict[str, Any]) -> dict[str, Any]:
        self._channel.send({"ask": message, "hidden": self.hidden})
        answer = self._channel.receive()
        if type(answer.get("reply")) is not dict:
            raise BadValue("no reply")
        reply: dict[str, Any] = answer["reply"]
        return reply

    def _call_back(self, asked: dict[str, Any]) -> dict[str, Any]:
        try:
            function = self._functions[asked["callback"]]
            args = [self._decode(item) for item in asked["args"]]
            kwargs = {str(name): self._decode(item) for name, item in asked["kwargs"].items()}
            return {"op": "resume", "value": self._encode(function(*args, **kwargs))}
        except Exception as error:
            return {"op": "resume", "error": {"ename": type(error).__name__, "evalue": shorten(error)}}

    def _keep_outputs(self, outputs: Any) -> None:
        """Note what the learner's function wrote: stderr counts as failure, the rest may be shown."""
        for output in outputs if type(outputs) is list else []:
            if type(output) is not dict:
                continue
            kind, name, text, data = (output.get(key) for key in ("output_type", "name", "text", "data"))
            if kind == "stream" and name == "stderr":
                self.wrote_stderr = True
            if self.hidden:
                continue
            if kind == "stream" and type(text) is str:
                self._outputs.write("stderr" if name == "stderr" else "stdout", text)
            elif kind == "display_data" and type(data) is dict:
                self._outputs.show({"output_type": kind, "data": data, "metadata": {}})

    def _value(self, reply: dict[str, Any]) -> Any:
        """Return the value in a reply, or raise what the learner's code raised."""
        if "error" in reply:
            raise self._rebuild(reply["error"])
        try:
            return self._decode(reply.get("value"))
        except BadValue as error:
            raise LearnerError(f"giá trị không đọc được: {error}") from None

    def _rebuild(self, told: Any) -> Exception:
        if type(told) is not dict:
            return LearnerError("?")
        text = told.get("evalue") if type(told.get("evalue")) is str else ""
        base = told.get("base")
        kind = builtin_exception(base)
        if type(told.get("class")) is int:
            kind = self._exception_class(told["class"], {"name": told.get("ename"), "base": base})
        args = told.get("args")
        plain = type(args) is list and all(type(item) in (str, int, float, bool, type(None)) for item in args)
        try:
            made: Exception = kind(*(args if plain and args is not None else [text]))
            return made
        except Exception:
            return LearnerError(text)

    def _note_changes(self, changed: Any, args: Any, copy_back: bool) -> None:
        """Take over changed arguments where the call was a statement of its own, else remember them."""
        for place, data in changed.items() if type(changed) is dict else []:
            if not (type(place) is str and place.isdigit() and int(place) < len(args)):
                continue
            if copy_back and replace_content(args[int(place)], self._decode(data)):
                continue
            self.changed.append(args[int(place)])

    def _encode(self, value: Any) -> Any:
        return Encoder(self._keep).encode(value)

    def _decode(self, data: Any) -> Any:
        return Decoder(self._revive).decode(data)

    def _keep(self, value: Any) -> dict[str, Any]:
        """Say how an argument that is no plain value crosses: a handle goes home, a function is called back."""
        if is_handle(value):
            return {"t": "handle", "id": told_of(value)["id"]}
        known = name_of(value)
        if known is not None:
            return {"t": "named", "module": known[0], "name": known[1]}
        if callable(value) and not isinstance(value, type):
            self._functions[len(self._functions)] = value
            return {"t": "callback", "id": len(self._functions) - 1}
        return self.refuse(f"a {type(value).__name__} cannot be handed to a learner's function by value")

    def _revive(self, data: dict[str, Any]) -> Any:
        """Make a handle, or a local class for a learner's exception class, of what the guest tells."""
        number = data.get("id")
        if data["t"] != "handle" or type(number) is not int:
            raise BadValue("an unknown tag")
        kind_name = "object" if self.was_hidden else shorten(data.get("type", "object"), 100)
        told = {"id": number, "type": kind_name, "kind": data.get("kind")}
        operators = data.get("operators")
        told["operators"] = [name for name in operators if type(name) is str] if type(operators) is list else []
        if type(told["kind"]) is not str:
            told["kind"] = None
        if type(data.get("exception")) is dict:
            return self._exception_class(number, data["exception"])
        return (CallableHandle if data.get("callable") is True else Handle)(self._line, told)

    def _exception_class(self, number: int, told: dict[str, Any]) -> type:
        if number not in self._exceptions:
            base = builtin_exception(told.get("base"))
            self._exceptions[number] = type(shorten(told.get("name", "Error"), 100), (base,), {})
        return self._exceptions[number]

    @property
    def _line(self) -> Line:
        return self


def builtin_exception(name: Any) -> type:
    """Return the built-in exception of that name; LearnerError for anything else, KeyboardInterrupt and friends too."""
    found = getattr(builtins, name, None) if type(name) is str else None
    return found if isinstance(found, type) and issubclass(found, Exception) else LearnerError


def replace_content(old: Any, new: Any) -> bool:
    """Give `old` the content of `new`, of the same type; False if that cannot be done."""
    if type(old) is not type(new):
        return False
    if type(old) in (list, bytearray):
        old[:] = new
    elif type(old) in (dict, set):
        old.clear()
        old.update(new)
    elif hasattr(old, "shape") and hasattr(old, "dtype") and old.shape == new.shape and old.dtype == new.dtype:
        old[...] = new
    else:
        return False
    return True
