"""The command `hocvu`: its verbs and options; one verb is one function call."""

import argparse
import importlib
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from hocvu.errors import HocvuError
from hocvu.settings import Settings, read_settings

Run = Callable[[Settings, argparse.Namespace], int]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status: 0 done, 1 something is wrong, 2 wrong usage."""
    chosen = parser().parse_args(arguments)
    # nbgrader starts `alembic` and `jupyter` by name: they are beside our own interpreter.
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    try:
        run: Run = getattr(importlib.import_module(f"hocvu.cli.{chosen.module}"), chosen.function)
        return run(read_settings(os.environ), chosen)
    except HocvuError as error:
        print(f"hocvu: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def parser() -> argparse.ArgumentParser:
    """Return the verbs and their options."""
    made = argparse.ArgumentParser(prog="hocvu", description="Học vụ AI: write, release, serve, grade and export.")
    named = made.add_subparsers(required=True, metavar="VERB")

    def verb(name: str, module: str, help: str, function: str = "") -> argparse.ArgumentParser:
        """Add a verb. Only its own module is imported, so that `grade` need not start the portal."""
        added = named.add_parser(name, help=help, description=help)
        added.set_defaults(module=module, function=function or name)
        return added

    release = verb("release", "course", "generate release/ from source/ and prove that it gives nothing away")
    release.add_argument("assignment", nargs="*", help="assignments to release (default: all of source/)")
    verb("check", "course", "check course files, notebooks, questions, keys and releases")
    verb("format", "course", "write every notebook in normal form", "format_notebooks")
    verb("site", "course", "build the JupyterLite lesson site into var/site")
    verb("library", "course", "build the free handouts (HTML, PDF, slides, share cards) into var/library")
    serve = verb("serve", "serve", "start the portal and the lesson site")
    serve.add_argument("--port", type=int, help="port to listen on (default: HOCVU_PORT, else 8000)")
    worker = verb("worker", "worker", "grade what is on the queue, in a process of its own")
    worker.add_argument("--with-parent", action="store_true", help="end when standard input closes")
    seed = verb(
        "seed-demo", "serve", "fill an empty database with fictitious units, people, histories", "seed_demo_world"
    )
    seed.add_argument("--people", type=int, default=1200, help="how many people (default: 1200)")
    seed.add_argument("--seed", type=int, default=2027, help="seed of everything random (default: 2027)")
    grade = verb("grade", "grade", "grade submitted/*/ASSIGNMENT/answers.json and print points per item as CSV")
    grade.add_argument("assignment")
    grade.add_argument("--submitted", type=Path, default=Path("submitted"), help="folder (default: submitted)")
    export = verb("export", "export", "write the score table of the period to a file")
    export.add_argument("output", type=Path, help="file to write: .xlsx or .csv")
    export.add_argument("--unit", default="", help="unit code (default: all units)")
    return made
