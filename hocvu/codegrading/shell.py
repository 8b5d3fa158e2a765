"""An IPython shell without a kernel: runs a cell in this process and collects what a notebook would show.

The same for learner cells (in the guest) and for tests (on the bench). Outputs are bounded as they are made.
"""

import builtins
import io
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.error import UsageError
from IPython.core.interactiveshell import InteractiveShell
from traitlets import Type
from traitlets.config import Config

from hocvu.codegrading.grades import Output
from hocvu.codegrading.tracebacks import format_error

CELL_BYTES = 200_000  # what one cell may show as text
RICH_BYTES = 1_500_000  # and as pictures and tables
MAX_OUTPUTS = 200
TRUNCATED = "\n... Output truncated ...\n"
_HARMLESS = """matplotlib time timeit who whos who_ls precision config capture writefile autoreload load_ext aimport
    pinfo pinfo2 pdoc psource pfile reset reset_selective xdel pylab prun pprint xmode colors automagic alias_magic
    lsmagic magic quickref"""
ALLOWED_MAGICS = frozenset(_HARMLESS.split())
REFUSED = "Dòng lệnh «{}» không chạy trong máy chấm: bài chấm không dùng lệnh hệ thống và không cài thêm gói.\n"


class Outputs:
    """The outputs of the cell that runs, in order, within bounds."""

    def __init__(self) -> None:
        self.items: list[Output] = []
        self._text_left = CELL_BYTES
        self._rich_left = RICH_BYTES
        self._clear_next = False

    def write(self, stream: str, text: str) -> None:
        """Append text to a stream, merged with what the same stream wrote last."""
        self._clear_if_waiting()
        if self._text_left <= 0 or not text:
            return
        if len(text) > self._text_left:
            text = text[: self._text_left] + TRUNCATED
        self._text_left -= len(text)
        last = self.items[-1] if self.items else {}
        if last.get("output_type") == "stream" and last.get("name") == stream:
            last["text"].append(text)
        elif len(self.items) < MAX_OUTPUTS:
            self.items.append({"output_type": "stream", "name": stream, "text": [text]})

    def show(self, output: Output, display_id: str | None = None, update: bool = False) -> None:
        """Append a rich output, or replace the one that was shown under the same id."""
        self._clear_if_waiting()
        size = sum(len(str(value)) for value in output.get("data", {}).values())
        self._rich_left -= size
        if self._rich_left < 0 or len(self.items) >= MAX_OUTPUTS:
            return
        if display_id is not None:
            for item in self.items if update else []:
                if item.get("_id") == display_id:
                    item |= {"data": output["data"], "metadata": output["metadata"]}
                    return
            output = output | {"_id": display_id}
        if not update:
            self.items.append(output)

    def clear(self, wait: bool) -> None:
        self._clear_next = wait
        if not wait:
            self.items.clear()

    def _clear_if_waiting(self) -> None:
        if self._clear_next:
            self._clear_next = False
            self.items.clear()

    def finish(self) -> list[Output]:
        """Return what was collected since the last time, as nbformat outputs."""
        items, self.items = self.items, []
        self._text_left, self._rich_left, self._clear_next = CELL_BYTES, RICH_BYTES, False
        for item in items:
            item.pop("_id", None)
            if item["output_type"] == "stream":
                item["text"] = "".join(item["text"])
        return items


class Stream(io.TextIOBase):
    """sys.stdout or sys.stderr of a cell."""

    encoding = "utf-8"

    def __init__(self, name: str, outputs: Outputs) -> None:
        self._name = name
        self._outputs = outputs

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        self._outputs.write(self._name, str(text))
        return len(text)


class Publisher(DisplayPublisher):  # type: ignore[misc]
    """display(), update_display(), clear_output()."""

    collected: Outputs

    def publish(  # type: ignore[no-untyped-def]
        self, data, metadata=None, *, transient=None, update=False, **_others: Any
    ) -> None:
        output = {"output_type": "display_data", "data": data, "metadata": metadata or {}}
        self.collected.show(output, (transient or {}).get("display_id"), update)

    def clear_output(self, wait: bool = False) -> None:
        self.collected.clear(wait)


class LastValue(DisplayHook):  # type: ignore[misc]
    """The value of a cell's last expression: kept for tests, and shown as execute_result."""

    collected: Outputs
    seen: list[Any]

    def write_output_prompt(self) -> None:
        return None

    def write_format_data(self, format_dict: dict[str, Any], md_dict: dict[str, Any] | None = None) -> None:
        output = {"output_type": "execute_result", "data": format_dict, "metadata": md_dict or {}}
        self.collected.show(output | {"execution_count": self.prompt_count})


class Shell(InteractiveShell):  # type: ignore[misc]
    """IPython's shell, without history, terminal, system commands or files of its own."""

    display_pub_class = Type(Publisher)
    displayhook_class = Type(LastValue)

    def init_history(self) -> None:
        super().init_history()
        self.history_manager.enabled = False

    def enable_gui(self, gui: Any = None) -> None:
        """Accept %matplotlib inline: there is no event loop to start."""

    def system(self, cmd: str) -> None:
        self._refuse("!" + str(cmd))

    system_piped = system_raw = system

    def getoutput(self, cmd: str, *_args: Any, **_kwargs: Any) -> list[str]:
        self._refuse("!" + str(cmd))
        return []

    def run_line_magic(self, magic_name: str, line: str, _stack_depth: int = 1) -> Any:
        if magic_name not in ALLOWED_MAGICS:
            return self._refuse(f"%{magic_name} {line}")
        return super().run_line_magic(magic_name, line, _stack_depth + 1)

    def run_cell_magic(self, magic_name: str, line: str, cell: str) -> Any:
        if magic_name not in ALLOWED_MAGICS:
            return self._refuse(f"%%{magic_name} {line}")
        return super().run_cell_magic(magic_name, line, cell)

    def _refuse(self, line: str) -> None:
        sys.stderr.write(REFUSED.format(line.strip()[:100]))

    def showtraceback(self, exc_tuple: Any = None, *args: Any, **kwargs: Any) -> None:
        """Show an error; IPython's own words only for the rare kinds that it treats on their own."""
        kind, error, trace = self._get_exc_info(exc_tuple)
        if issubclass(kind, SyntaxError | UsageError):
            super().showtraceback(exc_tuple, *args, **kwargs)
        else:
            self._showtraceback(kind, error, format_error(error, trace, self.compile.format_code_name))

    def _format_exception_for_storage(self, exception: BaseException, *_args: Any, **_kwargs: Any) -> dict[str, Any]:
        """Return nothing for the history, which is off: IPython would format each error a second time, for 30 ms."""
        return {}

    def _showtraceback(self, etype: type, evalue: BaseException, stb: list[str]) -> None:
        try:
            text = str(evalue)
        except Exception:
            text = "<exception str() failed>"
        error = {"output_type": "error", "ename": str(etype.__name__), "evalue": text, "traceback": list(stb)}
        self.display_pub.collected.items.append(error)


def make_shell(outputs: Outputs) -> Shell:
    """Return a shell that writes into `outputs`, and make it the one that `display` and `get_ipython` find."""
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "neutral"
    Shell.clear_instance()
    shell: Shell = Shell.instance(config=config)
    shell.display_pub.collected = outputs
    shell.displayhook.collected = outputs
    shell.user_ns["__name__"] = "__main__"
    _draw_inline(shell)
    return shell


def adopt_shell(outputs: Outputs) -> Shell:
    """Return the unused shell that the warm process left, or a new one where there is none."""
    if not Shell.initialized():
        return make_shell(outputs)
    shell: Shell = Shell.instance()
    shell.display_pub.collected = shell.displayhook.collected = outputs
    return shell


def _draw_inline(shell: Shell) -> None:
    """Show figures at the end of a cell as a kernel does, if matplotlib was imported beforehand."""
    if "matplotlib.pyplot" not in sys.modules or "matplotlib_inline.backend_inline" not in sys.modules:
        return
    pyplot, inline = sys.modules["matplotlib.pyplot"], sys.modules["matplotlib_inline.backend_inline"]
    pyplot.switch_backend("module://matplotlib_inline.backend_inline")
    vars(inline.configure_inline_support).pop("current_backend", None)  # it remembers the shell of the warm-up
    inline.configure_inline_support(shell, "inline")


@contextmanager
def captured(outputs: Outputs) -> Iterator[None]:
    """Send what is printed meanwhile into `outputs`."""
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = Stream("stdout", outputs), Stream("stderr", outputs)
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before


def behave_like_autograde(refuse_input: Callable[..., NoReturn]) -> None:
    """Set what nbgrader's autograde sets for the cells: its environment variable, and no one to type answers."""
    os.environ["NBGRADER_EXECUTION"] = "autograde"
    builtins.input = refuse_input
    sys.path.insert(0, "")


def no_input(*_args: Any) -> NoReturn:
    """Stand in for input(), with the words that ipykernel uses."""
    raise EOFError("raw_input was called, but this frontend does not support input requests.")
