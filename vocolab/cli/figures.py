"""What is read in an audio file, for programs and for people."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vocolab.cli.table import table
from vocolab.delivery.wording import TITLES, reading_text

if TYPE_CHECKING:
    from vocolab.files.reader import AudioFile
    from vocolab.loudness import Loudness

READINGS = (
    "integrated_lufs", "momentary_max_lufs", "short_term_max_lufs", "loudness_range_lu", "true_peak_dbtp",
    "sample_peak_dbfs", "plr_lu", "rms_dbfs", "crest_db", "noise_floor_dbfs", "dc_offset", "clipped_samples",
)  # fmt: skip
"""Properties of `Loudness`, in the order in which they are told."""

_COLUMNS = {
    "integrated_lufs": "LUFS", "short_term_max_lufs": "max S", "loudness_range_lu": "LRA", "true_peak_dbtp": "dBTP",
    "plr_lu": "PLR", "rms_dbfs": "RMS", "noise_floor_dbfs": "noise", "clipped_samples": "clipped",
}  # fmt: skip
_NEEDED_S = {
    "integrated_lufs": 0.4, "momentary_max_lufs": 0.4, "plr_lu": 0.4, "short_term_max_lufs": 3.0,
    "loudness_range_lu": 3.0, "noise_floor_dbfs": 0.5,
}  # fmt: skip
_LAYOUTS = {1: "mono", 2: "stereo"}


def figures(path: Path, tell: Callable[[float], None] = lambda _: None) -> dict[str, Any]:
    """What `measure --json` prints for a file."""
    from vocolab.delivery.watching import Watched
    from vocolab.files.reader import open_audio
    from vocolab.loudness import measure

    file = open_audio(path)
    return facts(file, measure(Watched(file, tell)))


def facts(file: AudioFile, loudness: Loudness) -> dict[str, Any]:
    """A file and what was read in it; None where a reading is undefined."""
    return {
        "file": str(file.path),
        "sample_rate": file.sample_rate,
        "channels": file.channels,
        "seconds": file.seconds,
        **{name: getattr(loudness, name) for name in READINGS},
    }


def figures_text(rows: Sequence[dict[str, Any]]) -> str:
    """The same for people: all of a single file, a line each of several."""
    return _sheet(rows[0]) if len(rows) == 1 else _table(rows)


def headline(row: dict[str, Any]) -> list[str]:
    """The readings of a file that are defined, four a line."""
    texts = [f"{TITLES[name]} {reading_text(name, row[name])}" for name in READINGS if row[name] is not None]
    return ["   ".join(texts[start : start + 4]) for start in range(0, len(texts), 4)]


def _sheet(row: dict[str, Any]) -> str:
    layout = _LAYOUTS.get(row["channels"], f"{row['channels']} channels")
    lines = [f"{row['file']}: {row['seconds']:.2f} s, {row['sample_rate']} Hz, {layout}"]
    width = max(map(len, (TITLES[name] for name in READINGS)))
    return "\n".join([*lines, *(f"  {TITLES[name]:<{width}}  {_reading(row, name)}" for name in READINGS)])


def _reading(row: dict[str, Any], name: str) -> str:
    if row[name] is not None:
        return reading_text(name, row[name])
    needed_s = _NEEDED_S.get(name, 0.0)
    return f"undefined: shorter than {needed_s:g} s" if row["seconds"] < needed_s else "undefined: silence"


def _table(rows: Sequence[dict[str, Any]]) -> str:
    cells = [
        [f"{row['seconds']:.2f}", str(row["sample_rate"]), str(row["channels"]),
         *(_cell(row[name]) for name in _COLUMNS), row["file"]]
        for row in rows
    ]
    return table(cells, ["seconds", "Hz", "ch", *_COLUMNS.values(), "file"])


def _cell(value: float | None) -> str:
    return "-" if value is None else f"{value:d}" if isinstance(value, int) else f"{value:.1f}"
