"""Which names a cell makes and uses, read from its text: tests get the instructor's helpers, never the learner's."""

import ast
import re
import symtable
from collections.abc import Iterator
from dataclasses import dataclass, field

_AT_ONCE = ("listcomp", "setcomp", "dictcomp", "genexpr")  # run where they stand
_MAGIC = re.compile(r"^(\s*)[%!?].*$", re.MULTILINE)


@dataclass(frozen=True)
class Names:
    """binds: made at the top level; imports: those made by import statements, with their text; changes: x of x[0] = 1,
    x.a = 1 and x.append(1); uses: every name that is read. star: it has `from … import *`."""

    binds: frozenset[str] = frozenset()
    imports: dict[str, str] = field(default_factory=dict)
    changes: frozenset[str] = frozenset()
    uses: frozenset[str] = frozenset()
    seeds: bool = False
    star: bool = False


def read_names(source: str) -> Names:
    """Return the names of a cell; nothing at all if it is not Python."""
    text = source.partition("\n")[2] if source.lstrip().startswith("%%") else source
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        try:
            tree = ast.parse(_MAGIC.sub(r"\1pass", text))
        except (SyntaxError, ValueError, RecursionError):
            return Names()
    visitor = _Visitor()
    visitor.visit(tree)
    return Names(
        frozenset(visitor.binds), visitor.imports, frozenset(visitor.changes), frozenset(loaded_names(tree)),
        visitor.seeds, visitor.star,
    )  # fmt: skip


def late_reads(source: str) -> frozenset[str]:
    """Return the names that functions of a cell look up when they are called; nothing if it is not plain Python."""
    try:
        return frozenset(_globals_of(symtable.symtable(_MAGIC.sub(r"\1pass", source), "cell", "exec"), inside=False))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return frozenset()


def _globals_of(table: symtable.SymbolTable, inside: bool) -> Iterator[str]:
    if inside:
        yield from (symbol.get_name() for symbol in table.get_symbols() if symbol.is_global())
    for child in table.get_children():
        yield from _globals_of(child, inside or (child.get_type() == "function" and child.get_name() not in _AT_ONCE))


def loaded_names(tree: ast.AST) -> list[str]:
    """Return every name that is read, as often as it is."""
    return [node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)]


class _Visitor(ast.NodeVisitor):
    """Collects what the statements at the top level bind and change; does not enter functions and classes."""

    def __init__(self) -> None:
        self.binds: set[str] = set()
        self.imports: dict[str, str] = {}
        self.changes: set[str] = set()
        self.seeds = False
        self.star = False

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> None:
        self.binds.add(node.name)

    visit_AsyncFunctionDef = visit_FunctionDef
    visit_ClassDef = visit_FunctionDef

    def visit_Lambda(self, node: ast.Lambda) -> None:
        return None

    def visit_ListComp(self, node: ast.AST) -> None:
        return None  # its own names stay inside

    visit_SetComp = visit_DictComp = visit_GeneratorExp = visit_ListComp

    def visit_Import(self, node: ast.Import | ast.ImportFrom) -> None:
        for alias in node.names:
            if alias.name == "*":
                self.star = True
                continue
            name = (alias.asname or alias.name).partition(".")[0]
            self.binds.add(name)
            self.imports[name] = ast.unparse(node)

    visit_ImportFrom = visit_Import

    def visit_Name(self, node: ast.Name) -> None:
        if isinstance(node.ctx, ast.Store | ast.Del):
            self.binds.add(node.id)

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:
        if node.name:
            self.binds.add(node.name)
        self.generic_visit(node)

    def visit_Attribute(self, node: ast.Attribute | ast.Subscript) -> None:
        if isinstance(node.ctx, ast.Store | ast.Del):
            self._change(node)
        self.generic_visit(node)

    visit_Subscript = visit_Attribute

    def visit_Expr(self, node: ast.Expr) -> None:
        if isinstance(node.value, ast.Call) and isinstance(node.value.func, ast.Attribute):
            self._change(node.value.func)
            self.seeds = self.seeds or node.value.func.attr == "seed"
        self.generic_visit(node)

    def _change(self, node: ast.expr) -> None:
        while isinstance(node, ast.Attribute | ast.Subscript | ast.Call):
            node = node.func if isinstance(node, ast.Call) else node.value
        if isinstance(node, ast.Name):
            self.changes.add(node.id)
