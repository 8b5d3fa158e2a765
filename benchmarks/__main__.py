"""`make bench` runs everything. Names choose: grading, autograde, autograde-long, portal, pull, scoring."""

import os
import sys
from pathlib import Path

from benchmarks.autograde import report_autograde, report_autograde_long
from benchmarks.autograde_code import report_autograde_code
from benchmarks.city_year import report_city
from benchmarks.grading import report_grading
from benchmarks.parts import report_parts
from benchmarks.portal import report_portal
from benchmarks.pull import report_pull
from benchmarks.scoring import report_scoring

ROOT = Path(__file__).parent.parent
REPORTS = {
    "grading": report_grading,
    "autograde": report_autograde,
    "autograde-code": report_autograde_code,
    "portal": report_portal,
    "pull": report_pull,
    "scoring": report_scoring,
}
LONG = {"autograde-long": report_autograde_long, "parts": report_parts, "city": report_city}

os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, Python {sys.version.split()[0]}\n")
for name in sys.argv[1:] or REPORTS:
    {**REPORTS, **LONG}[name](ROOT)
