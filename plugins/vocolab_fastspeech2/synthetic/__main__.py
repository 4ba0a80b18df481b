"""python -m vocolab_fastspeech2.synthetic TEXTS.csv FOLDER [--hours H] [--part I/N]: see `corpus`."""

from __future__ import annotations

import argparse
from pathlib import Path

from vocolab_fastspeech2.synthetic.corpus import CorpusWriter
from vocolab_fastspeech2.synthetic.texts import passages, read_table

HELD_OUT = ("LJ045", "LJ046", "LJ047", "LJ048")


def main() -> None:
    """Speak a corpus."""
    parser = argparse.ArgumentParser(prog="python -m vocolab_fastspeech2.synthetic")
    parser.add_argument("texts", type=Path, help="lines of name|text")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--hours", type=float, default=7.0)
    parser.add_argument("--part", default="0/1", help="of several processes, this one: 0/2")
    parser.add_argument("--leave-out", default=",".join(HELD_OUT), help="names that begin like this are never said")
    call = parser.parse_args()
    part, parts = (int(number) for number in call.part.split("/"))
    table = read_table(call.texts, call.leave_out.split(","))
    chosen = (passage for number, passage in enumerate(passages(table, seed=7)) if number % parts == part)
    seconds = CorpusWriter(call.folder, seed=part).write(chosen, call.hours * 3600 / parts, f"-{part}")
    print(f"{seconds / 3600:.2f} h")


if __name__ == "__main__":
    main()
