"""How well and how fast written text becomes what is said.

    python benchmarks/text.py reader METADATA.csv [--misses 20]   printed sentences against what their reader said
    python benchmarks/text.py pairs FILE.tsv [--misses 20]        written and spoken forms, scored class by class
    python benchmarks/text.py speed                               loading, 5,000 words, a message, hostile input

`reader` takes the rows of `id|printed|said|...` whose printed form has digits or money in it: a sentence counts only
if all of it is as the reader said it, without regard to case, hyphens, commas and "and"; "Mr." counts as "mister".
`pairs` reads lines of `class<TAB>written<TAB>spoken`, several spoken forms apart by ` | `, and counts a pair if one of
them comes out.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from vocolab.catalog import Catalog
from vocolab.texts.messages import read_messages
from vocolab.texts.opening import open_speaker, speak
from vocolab.texts.speaking import Speaker

_NUMERIC = re.compile(r"[\d$£€]")
_IGNORED = re.compile(r"\band\b|,")
_PUNCTUATION = re.compile(r"[^\w\s']")


def main() -> None:
    """Measure and print a Markdown table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("what", choices=["reader", "pairs", "speed"])
    parser.add_argument("path", type=Path, nargs="?")
    parser.add_argument("--misses", type=int, default=0, help="show so many of what came out otherwise")
    arguments = parser.parse_args()
    speaker = open_speaker(Catalog.installed())
    if arguments.what == "speed":
        measure_speed(speaker)
    elif arguments.what == "reader":
        score({"printed sentences": list(reader_pairs(arguments.path, speaker))}, speaker, arguments.misses)
    else:
        score(pairs_by_class(arguments.path), speaker, arguments.misses)


def reader_pairs(metadata: Path, speaker: Speaker) -> Iterator[tuple[str, list[str]]]:
    """Printed sentences with digits or money, and what was said; "Mr.", which transcripts keep, is written out too."""
    for line in metadata.read_text(encoding="utf-8").splitlines():
        _, printed, said, *_ = line.split("|")
        if _NUMERIC.search(printed):
            yield printed, [said, speak(speaker, said, "plain").normalized]


def pairs_by_class(file: Path) -> dict[str, list[tuple[str, list[str]]]]:
    """The pairs of a file by their class; lines that begin with `#` are comments."""
    classes: dict[str, list[tuple[str, list[str]]]] = {}
    for line in file.read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            of_class, written, spoken = line.split("\t")[:3]
            classes.setdefault(of_class, []).append((written, spoken.split(" | ")))
    return classes


def score(classes: dict[str, list[tuple[str, list[str]]]], speaker: Speaker, shown: int) -> None:
    """Print a row for each class and one for all, then what came out otherwise."""
    print("| class | pairs | right | without punctuation |\n|---|---|---|---|")
    misses: list[tuple[str, str, str]] = []
    totals = [0, 0, 0]
    for name, pairs in classes.items():
        right = bare = 0
        for written, wanted in pairs:
            got = speak(speaker, written, "plain").normalized
            right += any(comparable(got) == comparable(one) for one in wanted)
            is_bare = any(words_of(got) == words_of(one) for one in wanted)
            bare += is_bare
            if not is_bare:
                misses.append((written, wanted[0], got))
        totals = [totals[0] + len(pairs), totals[1] + right, totals[2] + bare]
        print(row(name, len(pairs), right, bare))
    if len(classes) > 1:
        print(row("all", *totals))
    for written, wanted, got in misses[:shown]:
        print(f"\n{written}\n  wanted {wanted}\n  got    {got}")


def row(name: str, pairs: int, right: int, bare: int) -> str:
    """A row of the table."""
    return f"| {name} | {pairs} | {right / max(pairs, 1):.1%} | {bare / max(pairs, 1):.1%} |"


def comparable(text: str) -> str:
    """What is compared: without regard to case, hyphens, commas and "and"."""
    return " ".join(_IGNORED.sub(" ", text.lower().replace("-", " ")).split())


def words_of(text: str) -> str:
    """The words alone."""
    return " ".join(_PUNCTUATION.sub(" ", comparable(text)).split())


def measure_speed(speaker: Speaker) -> None:
    """Print how long loading and reading take: CPU time, the least of three runs."""
    pages = sorted((Path(__file__).parent.parent / "docs").glob("*.md"))
    prose = " ".join(page.read_text(encoding="utf-8") for page in pages)
    text = " ".join(prose.split()[:5000])
    chat = (
        "Sure! Here's how a **neural vocoder** works, step by step. First, the acoustic model predicts a mel; then the "
        "vocoder turns it into samples.\n\n1. **Analysis**: the signal is cut into frames of `1024` samples.\n2. "
        "**Synthesis**: the network upsamples them.\n\nFor more, see [the paper](https://a.org/b). It explains why the "
        "*multi-period discriminator* helps with pitch.\n\n"
    )
    message = json.dumps({"content": (chat * 40)[:2000]})
    hostile = {
        "1 MB without a space": "x" * 1_000_000, "100,000 brackets": "[" * 100_000,
        "`a.` 200,000 times": "a." * 200_000, "10,000 digits": "1" * 10_000,
    }  # fmt: skip
    rows: list[tuple[str, Callable[[], object]]] = [
        ("5,000 words of docs/*.md normalised and pronounced", lambda: speak(speaker, text, "markdown")),
        ("a chat message of 2 kB cleaned", lambda: read_messages(message)),
        *((name, lambda given=given: speak(speaker, given, "plain")) for name, given in hostile.items()),  # type: ignore[misc]
    ]
    print("| what | seconds |\n|---|---|")
    print(f"| loading (plugin, dictionary, models, first sentence) | {loading_seconds():.3f} |")
    for name, call in rows:
        print(f"| {name} | {least_seconds(call):.4f} |")


def loading_seconds() -> float:
    """CPU seconds of a fresh process from knowing the core to the first sentence, its numpy included."""
    code = (
        "import time, vocolab.catalog; from vocolab.texts.opening import open_speaker, speak; t = time.process_time();"
        "s = open_speaker(vocolab.catalog.Catalog.installed()); speak(s, 'Hello there, Zyxler.');"
        "print(time.process_time() - t)"
    )
    runs = (subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True) for _ in range(3))
    return min(float(run.stdout) for run in runs)


def least_seconds(call: Callable[[], object]) -> float:
    """The least CPU time of some runs: of many where one is short."""

    def once() -> float:
        started = time.process_time()
        call()
        return time.process_time() - started

    first = once()
    return min(first, *(once() for _ in range(2 if first > 0.02 else 500)))


if __name__ == "__main__":
    main()
