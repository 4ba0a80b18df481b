"""How often the diagnosis finds a fault that was added, and how often it calls clean speech faulty.

    python benchmarks/diagnosis.py [--seconds 30] [--most 20] [--only hum noise ...] [--half 2]
    python benchmarks/diagnosis.py --clean [--most 44]     # two readers in quiet rooms as they are, nothing added
    python benchmarks/diagnosis.py --clips                 # single clips, and the detectors that are not of restoration

Recordings are of many readers at several rates where ../shared is, and of the voices inside; the faults are those of
`tests/restoration/recordings.py`. What is missed, and what is found in a recording as it is, is listed with the
recording's name, so that it can be looked at: a recording that was published may have faults of its own.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "restoration"))

from clips import clips
from recordings import FAULTS, Recording, natural, synthetic

from vocolab.catalog import Catalog
from vocolab.findings import Finding
from vocolab.signals import BLOCK_SAMPLES
from vocolab.testing.faults import Samples

DETECTORS = ("clipping", "hum", "clicks", "plosives", "breaths", "noise", "reverberation")
CLIP_DETECTORS = ("channels", "dc-offset", "bandwidth", "levels", "sibilance")
OFFSET = 0.005


def found(detector: str, samples: Samples, sample_rate: int) -> list[Finding]:
    """The faults that one detector finds in mono samples."""
    listening = Catalog.installed().detectors.create(detector, sample_rate, 1)
    block = samples.astype(np.float32)[None]
    for start in range(0, block.shape[1], BLOCK_SAMPLES):
        listening.accept(block[:, start : start + BLOCK_SAMPLES])
    return [finding for finding in listening.findings() if finding.is_fault]


def main() -> None:
    """Print a table by fault, and what is found in the recordings as they are."""
    given = _given()
    if given.clips:
        return print_clips()
    false: Counter[str] = Counter()
    hits: dict[str, Counter[str]] = {fault: Counter() for fault in FAULTS}
    asked: Counter[str] = Counter()
    n_faulty = 0
    quiet = natural(given.seconds, given.most, ("lj", "kathleen"), given.half)
    for recording in quiet if given.clean else _recordings(given.seconds, given.most, given.half):
        asked[recording.corpus] += 1
        as_it_is = _as_it_is(recording, given.only)
        n_faulty += bool(as_it_is)
        false.update(finding.fault for finding in as_it_is)
        for fault, (detector, _) in FAULTS.items():
            if detector in given.only and not given.clean:
                hits[fault][recording.corpus] += _is_found(fault, recording)
    if not given.clean:
        _print_added(asked, hits, given.only)
    print(f"\n| found in {asked.total()} recordings as they are | |\n|---|---|")
    for detector in given.only:
        print(f"| {detector} | {false[detector]} |")
    print(f"| any of these | {n_faulty} |")


def _given() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=30.0, help="how long a recording is")
    parser.add_argument("--most", type=int, default=20, help="recordings of each corpus")
    parser.add_argument("--only", nargs="+", choices=DETECTORS, default=list(DETECTORS))
    parser.add_argument("--clean", action="store_true", help="add nothing, to two readers who recorded in quiet rooms")
    parser.add_argument("--half", type=int, choices=(1, 2), help="of the recordings; noise was tuned on the first")
    parser.add_argument("--clips", action="store_true", help="single clips: an offset added, and other false finds")
    return parser.parse_args()


def print_clips() -> None:
    """Print how often an offset is found in single clips, and how often they are called faulty without one."""
    readers, n_clips, n_found, n_faulty = set(), 0, 0, 0
    for clip in clips():
        readers.add(clip.reader)
        n_clips += 1
        n_found += all(found("dc-offset", clip.samples + offset, clip.sample_rate) for offset in (-OFFSET, OFFSET))
        wrong = [finding.sentence for name in CLIP_DETECTORS for finding in found(name, clip.samples, clip.sample_rate)]
        n_faulty += bool(wrong)
        for sentence in wrong:
            print(f"{clip.name}: {sentence}", flush=True)
    print(f"{n_clips} clips of {len(readers)} readers: an offset of {OFFSET:.1%} found in {n_found}, faulty {n_faulty}")


def _as_it_is(recording: Recording, detectors: list[str]) -> list[Finding]:
    findings = [one for detector in detectors for one in found(detector, recording.samples, recording.sample_rate)]
    for finding in findings:
        marks = ", ".join(f"{mark.start_s:.2f}" for mark in finding.marks[:8])
        print(f"{recording.name}, {recording.sample_rate} Hz: {finding.sentence} [{marks}]", flush=True)
    return findings


def _is_found(fault: str, recording: Recording) -> bool:
    detector, add = FAULTS[fault]
    is_found = bool(found(detector, add(recording), recording.sample_rate))
    if not is_found:
        print(f"{recording.name}, {recording.sample_rate} Hz: missed {fault}", flush=True)
    return is_found


def _recordings(seconds: float, most: int, half: int | None) -> Iterable[Recording]:
    yield from natural(seconds, most, ("lj", "kathleen"), half)
    yield from natural(seconds, 2 * most, ("speakers",), half)
    yield from synthetic(seconds, max(1, most // 4))


def _print_added(asked: Counter[str], hits: dict[str, Counter[str]], detectors: list[str]) -> None:
    corpora, total = list(asked), asked.total()
    print(f"\n{total} recordings: " + ", ".join(f"{count} of {corpus}" for corpus, count in asked.items()))
    print("\n| what was added | found | " + " | ".join(corpora) + " |")
    print("|---|---|" + "---|" * len(corpora))
    for fault, (detector, _) in FAULTS.items():
        if detector in detectors:
            shares = [f"{hits[fault][corpus] / asked[corpus]:.0%}" for corpus in corpora]
            print(f"| {fault} | {hits[fault].total() / total:.1%} | " + " | ".join(shares) + " |")


if __name__ == "__main__":
    main()
