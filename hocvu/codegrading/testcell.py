"""One test cell: its visible part, then its hidden part, run statement after statement as a notebook would."""

import ast
import math
import sys
from collections.abc import Callable
from dataclasses import dataclass
from types import CodeType
from typing import TYPE_CHECKING, Any

from IPython.core.displayhook import DisplayHook

from hocvu.codegrading.errors import NotByValue, shorten
from hocvu.codegrading.handles import is_handle, told_of
from hocvu.codegrading.names import loaded_names
from hocvu.codegrading.shell import Outputs, Shell, captured

if TYPE_CHECKING:
    from hocvu.codegrading.bench import Bench

HIDDEN_FAILED = "Có kiểm tra ẩn chưa đạt."
STATEMENT_CALL = "__hocvu_statement_call__"


@dataclass(frozen=True)
class Parts:
    """A test cell, compiled: what runs before the first hidden line, what after it, and the last expression."""

    before: CodeType
    after: CodeType | None
    last: CodeType | None
    last_is_hidden: bool
    tree: ast.Module


def run_setup(bench: "Bench", shell: Shell, outputs: Outputs, message: dict[str, Any]) -> dict[str, Any]:
    """Run an instructor's cell for the names that tests need; what it shows is of no interest here."""
    with captured(outputs):
        try:
            source = shell.transform_cell(without_cell_magic(message["source"]))
            exec(compile(source, "<set-up>", "exec"), bench.namespace)
        except KeyboardInterrupt:
            raise
        except NotByValue:
            bench.namespace.poison(message["binds"])
        except BaseException:
            pass  # the same cell shows its error where the learner sees it; a name it did not make is missing there too
    outputs.finish()
    if bench.refused:
        bench.namespace.poison(message["binds"])
    return {"status": "ready"}


def run_test(bench: "Bench", shell: Shell, outputs: Outputs, message: dict[str, Any]) -> dict[str, Any]:
    """Return how a test cell came out: status passed, failed or review, its last value, what may be shown."""
    error = False
    value: Any = None
    with captured(outputs):
        try:
            parts = split_cell(shell, message["source"], message["first_hidden"], message["cell"])
            bench.namespace[STATEMENT_CALL] = lambda target: statement_call(bench, target)
            try:
                value = _run_parts(bench, shell, parts)
                for name in _reused_after_change(bench, parts):
                    bench.refused = bench.refused or f"the learner's function changes {name}, which the test uses again"
            finally:
                bench.namespace.pop(STATEMENT_CALL, None)
        except KeyboardInterrupt:
            raise
        except NotByValue:
            pass  # remembered in bench.refused
        except BaseException as raised:
            error = True
            _show_error(shell, outputs, raised, bench.hidden)
    kept = outputs.finish()
    stderr = bench.wrote_stderr or any(item.get("name") == "stderr" for item in kept)
    reply: dict[str, Any] = {"outputs": kept, "result": None}
    if bench.refused:
        return reply | {"status": "review", "reason": bench.refused}
    if error or stderr:
        return reply | {"status": "failed"}
    return reply | {"status": "passed", "result": tell_result(value, bench.was_hidden)}


def split_cell(shell: Shell, source: str, first_hidden: int | None, cell: int) -> Parts:
    """Compile a test cell in two halves at the first statement that reaches a hidden line (counted from 1)."""
    source = without_cell_magic(source)
    code = shell.transform_cell(source)
    # What a traceback may quote, it takes from this cache: the lines before the first hidden one.
    shown = code if first_hidden is None else "".join(code.splitlines(keepends=True)[: first_hidden - 1])
    name = shell.compile.cache(shown, cell, raw_code=shown)
    tree = ast.parse(code, name)
    body = [*tree.body]
    last = body.pop() if body and isinstance(body[-1], ast.Expr) and not _ends_quietly(code) else None
    hidden = [_reaches(node, first_hidden) for node in body]
    cut = hidden.index(True) if True in hidden else len(body)

    def made(nodes: list[ast.stmt]) -> CodeType:
        module = ast.Module([_mark_statement_call(node) for node in nodes], [])
        return compile(ast.fix_missing_locations(module), name, "exec")

    expression = None
    if isinstance(last, ast.Expr):
        expression = compile(ast.fix_missing_locations(ast.Expression(_as_statement(last.value))), name, "eval")
    last_is_hidden = last is not None and (cut < len(body) or _reaches(last, first_hidden))
    return Parts(made(body[:cut]), made(body[cut:]) if cut < len(body) else None, expression, last_is_hidden, tree)


def _run_parts(bench: "Bench", shell: Shell, parts: Parts) -> Any:
    exec(parts.before, bench.namespace)
    if parts.after is not None:
        bench.hidden = bench.was_hidden = True
        exec(parts.after, bench.namespace)
    if parts.last is None:
        return None
    bench.hidden = bench.hidden or parts.last_is_hidden
    bench.was_hidden = bench.was_hidden or bench.hidden
    value = eval(parts.last, bench.namespace)
    if value is not None and (not bench.hidden or "number" in (tell_result(value) or {})):
        shell.displayhook(value)
    return value


def without_cell_magic(source: str) -> str:
    """Return the cell with its %%magic line emptied: a timed test is still a test, in our own namespace."""
    return "#" + source[source.index("\n") :] if source.startswith("%%") and "\n" in source else source


def tell_result(value: Any, hidden: bool = False) -> dict[str, Any] | None:
    """Return what the last expression of a test says about points: None, a number, or what it is instead."""
    if value is None:
        return None
    numpy = sys.modules.get("numpy")
    if numpy is not None and isinstance(value, numpy.floating | numpy.integer):
        value = value.item()
    if type(value) in (int, float) and math.isfinite(value) and abs(value) < 1e15:
        return {"number": value}
    plain = type(value) in (int, float, bool, str) and not hidden
    return {"text": shorten(value if plain else type(value).__name__, 40)}


def statement_call(bench: "Bench", target: Any) -> Callable[..., Any]:
    """Return `target` so that changes to its arguments are taken over: the call is a statement of its own."""
    if not is_handle(target):
        return target  # type: ignore[no-any-return]
    return lambda *args, **kwargs: bench.call(told_of(target)["id"], None, args, kwargs, copy_back=True)


def _mark_statement_call(node: ast.stmt) -> ast.stmt:
    """f(x) as a statement becomes STATEMENT_CALL(f)(x)."""
    if isinstance(node, ast.Expr):
        return ast.copy_location(ast.Expr(_as_statement(node.value)), node)
    return node


def _as_statement(value: ast.expr) -> ast.expr:
    if not (isinstance(value, ast.Call) and isinstance(value.func, ast.Name)):
        return value
    marker = ast.Name(STATEMENT_CALL, ast.Load())
    function = ast.Call(func=marker, args=[value.func], keywords=[])
    call = ast.Call(func=ast.copy_location(function, value.func), args=value.args, keywords=value.keywords)
    return ast.copy_location(call, value)


def _reaches(node: ast.stmt, first_hidden: int | None) -> bool:
    return first_hidden is not None and (node.end_lineno or node.lineno) >= first_hidden


def _ends_quietly(code: str) -> bool:
    """Tell whether a cell ends in a semicolon: its value is not shown then."""
    return bool(DisplayHook.semicolon_at_end_of_expression(code))


def _reused_after_change(bench: "Bench", parts: Parts) -> list[str]:
    """Return the names of changed arguments that the test reads more than once: by value it read the old ones."""
    if not bench.changed:
        return []
    loads = loaded_names(parts.tree)
    names = [name for name, value in dict.items(bench.namespace) if any(value is old for old in bench.changed)]
    return [name for name in names if loads.count(name) > 1]


def _show_error(shell: Shell, outputs: Outputs, raised: BaseException, hidden: bool) -> None:
    """Show an error as IPython does; of hidden lines, one fixed sentence and nothing else."""
    if hidden:
        text = [f"\x1b[31m{HIDDEN_FAILED}\x1b[39m"]
        outputs.items.append(
            {"output_type": "error", "ename": "AssertionError", "evalue": HIDDEN_FAILED, "traceback": text}
        )
        return
    try:
        shell.showtraceback((type(raised), raised, raised.__traceback__))
    except Exception:
        name = type(raised).__name__
        outputs.items.append({"output_type": "error", "ename": name, "evalue": "", "traceback": [name]})
