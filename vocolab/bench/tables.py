"""A measurement's tables, in Markdown."""

from __future__ import annotations

from collections.abc import Sequence

from vocolab.bench.bands import HIGHEST_HZ
from vocolab.bench.results import SECOND_SPEAKER_STOI, SecondSpeakerCheck, SpeakerResult
from vocolab.bench.rows import Row
from vocolab.bench.tallies import LEAST_CLIPS, Difference

_MEASURES: tuple[tuple[str, str, int], ...] = (
    ("pesq_wb", "PESQ-WB", 2), ("stoi", "STOI", 3), ("mel_l1", "mel L1", 3), ("top_db", "top band dB", 1),
    ("dnsmos", "DNSMOS", 2), ("rtf", "RTF", 4), ("m_stft", "M-STFT", 3), ("mcd_db", "MCD dB", 2),
    ("periodicity_rmse", "periodicity RMSE", 3), ("vuv_f1", "V/UV F1", 3),
)
"""Name in the figures, heading, digits."""
_JUDGED: tuple[tuple[str, str, int], ...] = (
    ("distillmos", "DistillMOS", 2), ("speaker_similarity", "speaker similarity", 3), ("repetition", "repetition", 2),
    ("noise_modulation_db", "modulation dB", 1), ("repetition_8k", "repetition 8-16 k", 2),
    ("noise_modulation_db_8k", "modulation 8-16 k dB", 1), ("f0_cents", "F0 cents", 1),
    ("f0_gross_percent", "F0 gross %", 2), ("stoi", "STOI", 3),
)
"""What stands with its interval."""


def speaker_text(speaker: SpeakerResult, against: str | None) -> str:
    """All tables of one speaker's clips."""
    problems = [f"- {row.label}: {problem}" for row in speaker.rows for problem in row.problems]
    parts = [
        f"{speaker.n_clips} {speaker.what} (`{speaker.folder.name}`).", _means(speaker.rows), _judged(speaker.rows),
        *(_differences(speaker.rows, other) for other in dict.fromkeys([speaker.rows[0].label, against]) if other),
        *(f"Of these the {len(rows[0].measured)} of {group}:\n\n{_judged(rows, alone=True)}"
          for group, rows in speaker.groups.items()),
        _band_table(speaker.rows),
        *(["Not judged, and not in the means:\n\n" + "\n".join(problems)] if problems else []),
    ]
    return "\n\n".join(part for part in parts if part)


def _means(rows: Sequence[Row]) -> str:
    measures = _present(rows, _MEASURES)
    head = ["vocoder", "parameters", "stored", *(heading for _, heading, _ in measures), "worst third octave"]
    return table(head, [
        [row.label, _millions(row.parameters), _megabytes(row.stored_bytes),
         *(_cell(row, name, digits) for name, _, digits in measures), _worst(row)]
        for row in rows
    ])


def _judged(rows: Sequence[Row], *, alone: bool = False) -> str:
    """Sound, with 95 % intervals."""
    measures = _present(rows, _JUDGED)
    if not measures:
        return ""
    cells = [[row.label, *(cell_with_interval(row, name, digits) for name, _, digits in measures)] for row in rows]
    shown = table(["vocoder", *(heading for _, heading, _ in measures)], cells)
    return shown if alone else f"With 95 % intervals, from {LEAST_CLIPS} clips on:\n\n{shown}"


def _differences(rows: Sequence[Row], other: str) -> str:
    """All rows less one of them."""
    base = next((row for row in rows if row.label == other), None)
    if base is None:
        return ""
    found = {row.label: row.less(base) for row in rows if row is not base}
    names = [measure for measure in {m[0]: m for m in (*_JUDGED, *_MEASURES)}.values()
             if any(measure[0] in differences for differences in found.values()) and measure[0] != "rtf"]
    cells = [[label, *(_difference(differences.get(name), digits) for name, _, digits in names)]
             for label, differences in found.items() if differences]
    if not cells:
        return ""
    shown = table([f"less `{other}`", *(heading for _, heading, _ in names)], cells)
    return f"Differences on the same clips, with 95 % intervals; in bold where 0 lies outside:\n\n{shown}"


def cell_with_interval(row: Row, name: str, digits: int) -> str:
    """A figure and its interval, empty where the row has none."""
    value = _cell(row, name, digits)
    low_high = row.intervals.get(name)
    return value if low_high is None or not value else f"{value} [{low_high[0]:.{digits}f}, {low_high[1]:.{digits}f}]"


def _difference(difference: Difference | None, digits: int) -> str:
    if difference is None:
        return ""
    value = f"{difference.value:+.{digits}f}"
    if difference.interval is None:
        return value
    low, high = difference.interval
    return f"{f'**{value}**' if difference.is_clear else value} [{low:+.{digits}f}, {high:+.{digits}f}]"


def _present(rows: Sequence[Row], measures: Sequence[tuple[str, str, int]]) -> list[tuple[str, str, int]]:
    return [measure for measure in measures if any(measure[0] in row.figures for row in rows)]


def _band_table(rows: Sequence[Row]) -> str:
    """Level over the recordings by third octave, in dB."""
    banded = [row for row in rows if row.bands_db]
    if not banded:
        return ""
    centres = sorted({hz for row in banded for hz in row.bands_db})
    cells = [[row.label, *(f"{row.bands_db[hz]:+.1f}" if hz in row.bands_db else "" for hz in centres)]
             for row in banded]
    head = ["dB over the recordings", *(_hertz(hz) for hz in centres)]
    return f"By third octaves up to {HIGHEST_HZ / 1000:g} kHz:\n\n{table(head, cells)}"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _cell(row: Row, name: str, digits: int) -> str:
    return f"{row.figures[name]:.{digits}f}" if name in row.figures else ""


def _worst(row: Row) -> str:
    worst = row.worst_band
    return "" if worst is None else f"{worst[1]:+.1f} dB at {_hertz(worst[0])}"


def _hertz(hz: float) -> str:
    return f"{hz / 1000:g} k" if hz >= 1000 else f"{hz:g}"


def _millions(parameters: int) -> str:
    return f"{parameters / 1e6:.2f} M" if parameters else ""


def _megabytes(stored_bytes: int) -> str:
    return f"{stored_bytes / 1e6:.1f} MB" if stored_bytes else ""


def check_text(check: SecondSpeakerCheck) -> str:
    """A line on whether a voice is intelligible on the other speaker."""
    verdict = "within" if check.holds else "NOT within"
    return (f"- {check.label}: STOI {check.second_stoi:.3f} on the other speaker, {check.own_stoi:.3f} on its own: "
            f"{verdict} {SECOND_SPEAKER_STOI:g}")


