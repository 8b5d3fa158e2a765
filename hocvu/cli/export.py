"""The verb `export`: the score table as a file."""

from argparse import Namespace
from pathlib import Path

from hocvu.cli.say import say
from hocvu.errors import HocvuError
from hocvu.portal.export_csv import csv_pieces
from hocvu.portal.export_xlsx import workbook_pieces
from hocvu.portal.score_table import About, lines_of, score_table
from hocvu.portal.services import start_services
from hocvu.records import (
    PeopleFilter,
    add_audit,
    count_bands,
    find_unit_by_code,
    iter_people_scores,
    unit_and_children,
)
from hocvu.settings import Settings


class BadOutput(HocvuError):
    """An export was asked for that cannot be written."""

    code = "bad_output"


def export(settings: Settings, chosen: Namespace) -> int:
    """Write the score table of the running period as .xlsx or .csv."""
    output: Path = chosen.output
    if output.suffix not in (".xlsx", ".csv"):
        raise BadOutput(f"{output}: ends in {output.suffix or 'nothing'!r}. Name a file that ends in .xlsx or .csv.")
    services = start_services(settings)
    with services.records.session() as s:
        add_audit(s, "hocvu export", "hr.export", {"unit": chosen.unit, "file": output.name}, services.clock())
    with services.records.reading() as s:
        unit = find_unit_by_code(s, chosen.unit) if chosen.unit else None
        if chosen.unit and unit is None:
            raise BadOutput(f"--unit {chosen.unit}: no such unit. Use a unit code from the HR page.")
        only, period = PeopleFilter(unit_ids=unit_and_children(s, unit.id) if unit else None), services.period_id
        table = score_table(services.course, period).chosen(())
        about = About(services.course, unit.name if unit else "mọi đơn vị", "hocvu export", services.clock(), period)
        lines = lines_of(s, table, iter_people_scores(s, period_id=period, only=only))
        count = sum(count_bands(s, period_id=period, only=only).values())
        with output.open("wb") as file:
            if output.suffix == ".xlsx":
                file.writelines(workbook_pieces(table, about, lines, count))
            else:
                file.writelines(csv_pieces(table, lines))
    services.records.close()
    say(f"{output}: {about.filter_text}")
    return 0
