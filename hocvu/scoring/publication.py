"""Unit tables that may leave the house: no small unit can be worked out from them, by no sum and no difference.

Every number that is published, totals too, is a sum of the same few cells: single units that may be named, and pools
of units that are safe together. What is in no safe pool is in no total either, and the table says how many that leaves
out. So subtracting one published number from another never gives anything smaller than a cell.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from hocvu.course import UnitRule
from hocvu.scoring.small_units import MEASURES, UnitCounts, safe_to_pool, safe_to_tell, sum_counts
from hocvu.scoring.units import UnitIndex, rank_units

CITY = ""  # the bloc of a pool over several blocs, and the key of the city's total


@dataclass(frozen=True)
class UnitRow:
    """One unit as it is known inside: code, bloc (khối) and counts."""

    code: str
    bloc: str
    counts: UnitCounts


@dataclass(frozen=True)
class Cell:
    """One published row: a unit under its code, or a pool of units (code ""). None: this count is not told.

    members: codes, for those who check the table; a public page names no pool's members.
    """

    code: str
    bloc: str
    units: int
    people: int
    participating: int | None
    advanced: int | None
    rising: int | None
    members: tuple[str, ...] = ()


@dataclass(frozen=True)
class UnitTable:
    """What may be published. totals: by bloc, CITY for all; left_out: units and people in no cell, by bloc."""

    cells: tuple[Cell, ...]
    totals: Mapping[str, Cell]
    left_out: Mapping[str, tuple[int, int]]


@dataclass(frozen=True)
class Named:
    """Who is named in public, per bloc: the top in the order of rank, and "đạt ngưỡng" in the order of codes.

    Nobody else is, in no order: there is no list of the others.
    """

    top: tuple[tuple[str, int], ...]  # (unit code, rank)
    reached: tuple[str, ...]


def choose_named(indexes: Mapping[str, UnitIndex], rule: UnitRule) -> Named:
    """Return who is named of one bloc: ranks within the top third, ties included, and who reached the threshold."""
    ranks = rank_units(indexes, rule)
    places = -(-len(ranks) // rule.top_one_in)
    top = sorted((rank, code) for code, rank in ranks.items() if rank <= places)
    codes = {code for _, code in top}
    reached = (
        code
        for code, result in indexes.items()
        if result.index is not None and result.index >= rule.reached_index and code not in codes
    )
    return Named(tuple((code, rank) for rank, code in top), tuple(sorted(reached)))


def publish_units(rows: Sequence[UnitRow], named: Collection[str], rule: UnitRule) -> UnitTable:
    """Return the table in which only units of `named` that are large enough to be ranked have a row of their own.

    For the emulation board name every unit; for the public those of choose_named. Both tables may be published: their
    cells are made of the same smallest pools, so that one minus the other gives nothing new. Order never matters.
    """
    by_bloc: dict[str, list[UnitRow]] = {}
    for row in sorted(rows, key=lambda row: (row.bloc, row.code)):
        by_bloc.setdefault(row.bloc, []).append(row)
    cells: list[Cell] = []
    over: list[tuple[UnitRow, ...]] = []  # what is safe for the board, but too few to be a pool of its bloc
    astray: list[UnitRow] = []
    for bloc, members in by_bloc.items():
        own, rest, small = _split(members, named, rule)
        cells += [_cell(row.code, bloc, [[row]]) for row in own]
        atoms: list[tuple[UnitRow, ...]] = [(row,) for row in rest]
        if _poolable(small, rule):
            atoms.append(tuple(small))
        else:
            astray += small
        together = [row for atom in atoms for row in atom]
        if _poolable(together, rule):
            cells.append(_cell("", bloc, atoms))
        else:
            over += atoms
    if _poolable(astray, rule):
        over.append(tuple(astray))
        astray = []
    if _poolable([row for atom in over for row in atom], rule):
        cells.append(_cell("", CITY, over))
        over = []
    return _table(cells, [*astray, *(row for atom in over for row in atom)])


def _split(
    members: Sequence[UnitRow], named: Collection[str], rule: UnitRule
) -> tuple[list[UnitRow], list[UnitRow], list[UnitRow]]:
    """Units with a row of their own, ranked ones that are not named, and small ones."""
    ranked = [row for row in members if row.counts.people >= rule.rank_from]
    return (
        [row for row in ranked if row.code in named],
        [row for row in ranked if row.code not in named],
        [row for row in members if row.counts.people < rule.rank_from],
    )


def _poolable(rows: Sequence[UnitRow], rule: UnitRule) -> bool:
    return safe_to_pool([row.counts for row in rows], rule)


def _cell(code: str, bloc: str, atoms: Sequence[Sequence[UnitRow]]) -> Cell:
    """The sum of atoms. A count is told if it is safe in each pool and over all: both tables may be out."""
    rows = [row for atom in atoms for row in atom]
    total = sum_counts([row.counts for row in rows])
    pools = [[row.counts for row in atom] for atom in atoms if len(atom) > 1]
    if not code:
        pools.append([row.counts for row in rows])
    told = {
        measure: getattr(total, measure) if all(safe_to_tell(pool, measure) for pool in pools) else None
        for measure in MEASURES
    }
    members = tuple(sorted(row.code for row in rows))
    return Cell(code, bloc, len(rows), total.people, told["participating"], told["advanced"], told["rising"], members)


def _table(cells: Sequence[Cell], left_out: Sequence[UnitRow]) -> UnitTable:
    totals = {bloc: _total(bloc, [cell for cell in cells if cell.bloc == bloc]) for bloc in _blocs(cells)}
    totals[CITY] = _total(CITY, cells)
    missing: dict[str, tuple[int, int]] = {}
    for row in left_out:
        units, people = missing.get(row.bloc, (0, 0))
        missing[row.bloc] = (units + 1, people + row.counts.people)
    return UnitTable(tuple(cells), totals, missing)


def _blocs(cells: Sequence[Cell]) -> list[str]:
    return sorted({cell.bloc for cell in cells if cell.bloc != CITY})


def _total(bloc: str, cells: Sequence[Cell]) -> Cell:
    """The sum of cells; a count that one of them does not tell is not told here either."""
    counts: dict[str, int | None] = {}
    for measure in MEASURES:
        told = [getattr(cell, measure) for cell in cells]
        counts[measure] = None if None in told else sum(told)
    return Cell(
        "",
        bloc,
        sum(cell.units for cell in cells),
        sum(cell.people for cell in cells),
        counts["participating"],
        counts["advanced"],
        counts["rising"],
        tuple(sorted(code for cell in cells for code in cell.members)),
    )
