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
    usage = parser()
    chosen, rest = usage.parse_known_args(arguments)
    if rest and not hasattr(chosen, "arguments"):
        usage.error(f"unrecognized arguments: {' '.join(rest)}")
    chosen.arguments = rest
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
    autograde = verb("autograde", "autograde", "grade submitted/ into autograded/ and nbgrader's gradebook; --help-all")
    autograde.set_defaults(arguments=[])  # nbgrader's own options, parsed by nbgrader's application
    regrade = verb("regrade", "regrade", "grade stored answers again; first shows who would change and how")
    regrade.add_argument("assignment")
    regrade.add_argument("--item", action="append", default=[], help="only this item, e.g. 1.2 (repeatable)")
    regrade.add_argument("--preview", action="store_true", help="print who would change and how (the default)")
    regrade.add_argument("--names", action="store_true", help="print names beside staff codes")
    regrade.add_argument("--apply", action="store_true", help="do it; needs --reason")
    regrade.add_argument("--reason", default="", help="why; kept with the old results")
    regrade.add_argument("--allow-down", action="store_true", help="write lower results too; needs --decision")
    regrade.add_argument("--decision", default="", help="number and date of the signed decision")
    regrade.add_argument("--resume", type=int, default=0, metavar="ID", help="go on with an interrupted run")
    regrade.add_argument("--roll-back", type=int, default=0, metavar="ID", help="take a run back; needs --reason")
    export = verb("export", "export", "write the score table of the period to a file")
    export.add_argument("output", type=Path, help="file to write: .xlsx or .csv")
    export.add_argument("--unit", default="", help="unit code (default: all units)")
    recompute = verb("recompute", "recompute", "compute evidence and scores again from stored answers and compare")
    how = recompute.add_mutually_exclusive_group(required=True)
    how.add_argument("--verify", action="store_true", help="print what differs from what is stored; 1 if anything does")
    how.add_argument("--write", action="store_true", help="write the scores that follow from the stored evidence")
    recompute.add_argument("--period", default="", help="period code (default: the course's)")
    recompute.add_argument("--person", default="", metavar="CODE", help="verify only this staff code")
    recompute.add_argument("--stored-results", action="store_true", help="do not grade again: evidence and scores only")
    recompute.add_argument("--limit", type=int, default=200, help="differences to print (default: 200)")
    cores = os.cpu_count() or 1
    recompute.add_argument("--jobs", type=int, default=cores, help="processes that verify (default: one a core)")
    confirm = verb("confirm", "confirm", "record a contribution that a person confirmed (band 4), or take it back")
    confirm.add_argument("person", help="staff code of who contributed")
    confirm.add_argument("--kind", type=int, default=0, metavar="N", help="which one of course/scoring.toml: 1, 2 …")
    confirm.add_argument("--by", required=True, metavar="CODE", help="staff code of who confirms; never the person")
    confirm.add_argument("--note", default="", help="number and date of the text, what was done")
    confirm.add_argument("--period", default="", help="period code (default: the course's)")
    confirm.add_argument("--revoke", type=int, default=0, metavar="ID", help="take this confirmation back")
    _add_year_verbs(verb)
    _add_roster_verb(verb)
    _add_role_verb(verb)
    _add_backup_verbs(verb)
    return made


def _add_backup_verbs(verb: Callable[..., argparse.ArgumentParser]) -> None:
    backup = verb("backup", "backup", "write everything that a lost portal needs into one file, while it runs")
    backup.add_argument("file", type=Path, help="the .tar to write; it must not exist")
    restore = verb("restore", "backup", "put a backup into an empty place; --check only reads it")
    restore.add_argument("file", type=Path, help="the .tar that hocvu backup wrote")
    restore.add_argument("--check", action="store_true", help="check every byte, restore nothing")
    copy = verb("copy-store", "backup", "copy the store into an empty database, SQLite or PostgreSQL", "copy")
    copy.add_argument("target_url", metavar="TARGET_URL", help="SQLAlchemy URL of the empty database")


def _add_role_verb(verb: Callable[..., argparse.ArgumentParser]) -> None:
    role = verb("role", "role", "give or take a role: instructor, hr, unit_head, board, admin")
    role.add_argument("person", metavar="CODE", help="staff code")
    which = role.add_mutually_exclusive_group(required=True)
    for way in ("give", "take"):
        which.add_argument(f"--{way}", choices=("instructor", "hr", "unit_head", "board", "admin"))
    role.add_argument("--unit", default="", help="unit that hr, unit_head or board is limited to (default: the city)")
    role.add_argument("--by", required=True, metavar="CODE", help="staff code of who decided; never the person")
    role.add_argument("--reason", required=True, help="number and date of the decision; kept in the log")
    role.add_argument(
        "--code", action="store_true", help="also print an activation code: the first administrator's way"
    )


def _add_roster_verb(verb: Callable[..., argparse.ArgumentParser]) -> None:
    roster = verb("roster", "roster", "check a file of people and print what would change; --apply writes it")
    roster.add_argument("file", type=Path, help="the roster, columns as in docs/vi/danh-sach-nhan-su.md")
    how = roster.add_mutually_exclusive_group()
    how.add_argument("--dry-run", action="store_true", help="only check and print (the default)")
    how.add_argument("--apply", action="store_true", help="write it, all rows or none")
    roster.add_argument("--reason", default="", help="reason of changes near a freeze")
    roster.add_argument("--create-units", default="", metavar="BLOC", help="make unknown units, in this bloc")
    roster.add_argument("--complete", action="store_true", help="the file has everybody of its units: list the missing")
    roster.add_argument("--mark-missing-left", action="store_true", help="with --complete --apply: they left today")
    roster.add_argument("--period", default="", help="period of exemptions (default: the course's)")
    roster.add_argument("--limit", type=int, default=200, help="findings to print (default: 200)")


def _add_year_verbs(verb: Callable[..., argparse.ArgumentParser]) -> None:
    freeze = verb("freeze", "freeze", "freeze a period as a signed snapshot; without --confirm only look")
    freeze.add_argument("--period", default="", help="period code (default: the course's)")
    freeze.add_argument("--kind", choices=("provisional", "final"), required=True, help="freeze 1 or freeze 2")
    freeze.add_argument("--by", default="", metavar="CODE", help="staff code of the HR officer who decides")
    freeze.add_argument("--confirm", default="", metavar="TEXT", help="the confirmation text that a look prints")
    freeze.add_argument("--output", type=Path, help="also write the bundle to this .zip")
    withdraw = verb("withdraw", "freeze", "withdraw a faulty item from a period, by two people", "withdraw")
    withdraw.add_argument("item", help="item id, e.g. 1-2")
    withdraw.add_argument("--note", required=True, help="why; everybody can read it")
    withdraw.add_argument("--by", action="append", required=True, metavar="CODE", help="staff code; give it twice")
    withdraw.add_argument("--period", default="", help="period code (default: the course's)")
    withdraw.add_argument("--restore", action="store_true", help="let a withdrawn item count again")
    verify = verb("verify", "verify", "check the bundle of a frozen period, offline")
    verify.add_argument("bundle", type=Path, help="the .zip of a snapshot")
    verify.add_argument("--public-key", type=Path, help="JWK or JWKS file to trust (default: the key inside)")
