"""Every family in every spelling, its config in every place: converted, rendered, held against published outputs.

    PYTHONPATH=tests python benchmarks/checkpoint_spellings.py ../shared/conformance [--write docs/checkpoints.md]

The spellings are made by `tests/spellings.py`. What is printed is the table in `docs/checkpoints.md`: the largest
error of a case in a spelling, over the places of its config, or where it was refused. Each spelling is tried with the
config in two of the six places, in turns, so that each place comes with each case and with each spelling;
`--all-places` tries all.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import torch
from spellings import CASES, PLACES, SPELLINGS, Case, Differences, case

from vocolab.errors import VocolabError

BEGIN, END = "<!-- spellings: made by benchmarks/checkpoint_spellings.py -->", "<!-- /spellings -->"


def in_turns(row: int, column: int) -> tuple[str, ...]:
    """Two of the places."""
    first = (row + column) % len(PLACES)
    return PLACES[first], PLACES[(first + len(PLACES) // 2) % len(PLACES)]


def cell(known: Case, spelling: str, places: tuple[str, ...], differences: Differences) -> str:
    """The largest error over these places of the config, or where it was refused."""
    worst, refused = 0.0, []
    for place in places:
        with tempfile.TemporaryDirectory() as folder:
            path = known.write(Path(folder), spelling, place)
            if path is None:
                continue
            try:
                worst = max(worst, differences.of(known, path))
            except VocolabError as error:
                refused.append(place)
                print(f"{known.name}, {spelling}, {place}: {error}", flush=True)
    return f"refused: {', '.join(refused)}" if refused else f"{worst:.0e}"


def main() -> None:
    """Print the table, or put it into a document between its two marks."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cases", type=Path)
    parser.add_argument("--only", nargs="*", default=CASES)
    parser.add_argument("--spellings", nargs="*", default=tuple(SPELLINGS))
    parser.add_argument("--all-places", action="store_true")
    parser.add_argument("--write", type=Path)
    options = parser.parse_args()
    torch.set_num_threads(1)
    rows = ["| case | " + " | ".join(options.spellings) + " |", "|---" * (len(options.spellings) + 1) + "|"]
    differences = Differences()
    for row, name in enumerate(options.only):
        known = case(options.cases / name)
        cells = [
            cell(known, spelling, PLACES if options.all_places else in_turns(row, column), differences)
            for column, spelling in enumerate(options.spellings)
        ]
        rows.append(f"| `{name}` | " + " | ".join(cells) + " |")
        print(rows[-1], flush=True)
        if options.write:
            put_into(options.write, rows)


def put_into(document: Path, rows: list[str]) -> None:
    """The table between the two marks of a document."""
    text = document.read_text()
    head, tail = text[: text.index(BEGIN) + len(BEGIN)], text[text.index(END) :]
    document.write_text("\n".join([head, "", *rows, "", tail]))


if __name__ == "__main__":
    main()
