"""`make bench` runs what takes minutes; names choose, also what takes longer: `python -m benchmarks --help`."""

import os
import sys
from pathlib import Path

from benchmarks.autograde import report_autograde, report_autograde_long
from benchmarks.autograde_code import report_autograde_code
from benchmarks.city_year import report_city
from benchmarks.grading import report_grading
from benchmarks.lite import report_lite
from benchmarks.parts import report_parts
from benchmarks.portal import report_portal
from benchmarks.pull import report_pull
from benchmarks.scoring import report_scoring

ROOT = Path(__file__).parent.parent
REPORTS = {
    "grading": (report_grading, "deciding points by question type; a folder of answers beside stock nbgrader"),
    "autograde": (report_autograde, "hocvu autograde beside stock nbgrader, no learner code, 10 to 1,000 submissions"),
    "autograde-code": (
        report_autograde_code,
        "the same with numpy and scikit-learn code in the sandbox, without and with a figure",
    ),
    "portal": (report_portal, "pages and submissions of a running portal"),
    "scoring": (report_scoring, "competency levels of 200,000 people in memory, of 5,000 from a store"),
}
LONG = {
    "autograde-long": (report_autograde_long, "hocvu autograde up to 10,000 submissions"),
    "parts": (report_parts, "what each part of grading costs; draws docs/img/parts.svg, writes docs/performance.md"),
    "lite": (report_lite, "the lessons in Chromium: from a move of a bench to its new picture; needs make site"),
    "pull": (report_pull, "200,000 people's scores over the API, as workbook and CSV; HR's pages"),
    "city": (report_city, "a store of 200,000 people x 88 items (9 GB): scores anew, one person, the freeze"),
}
ALL = {**REPORTS, **LONG}

chosen = sys.argv[1:] or list(REPORTS)
if unknown := [name for name in chosen if name not in ALL]:
    print("The first five run by default; the others by their names.")
    print("\n".join(f"  {name:16} {about}" for name, (_, about) in ALL.items()))
    sys.exit(0 if unknown[0] in ("-h", "--help") else f"there is no benchmark {unknown[0]!r}")
os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, Python {sys.version.split()[0]}\n")
for name in chosen:
    ALL[name][0](ROOT)
