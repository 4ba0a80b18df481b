"""What people are told about finished files, line by line and as a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from vocolab.cli.deed_table import deed_table
from vocolab.cli.requirement_table import requirement_table
from vocolab.cli.table import table

if TYPE_CHECKING:
    from vocolab.cli.batch import Outcome
    from vocolab.delivery.delivered import AlbumDelivery, Delivery
    from vocolab.delivery.job import Job
    from vocolab.delivery.report import Finished


def finished_text(finished: Finished) -> str:
    """A line for a file, what effects tell that they did, and the table of what was wanted and got, if anything was."""
    delivery = finished.delivery
    written = delivery.written
    lines = [
        f"{finished.source} -> {finished.output}: {written.seconds:.2f} s, {written.sample_rate} Hz, "
        f"{_depth(written.bit_depth)}, {_speed(finished)}",
        *_peak_notes(delivery),
        *_silence_notes(delivery),
        *_codec_notes(delivery),
        *([_indented(deed_table(delivery.deeds))] if delivery.deeds else []),
    ]
    if delivery.requirements:
        lines.append(_indented(requirement_table(delivery.requirements, delivery.target)))
    return "\n".join(lines)


def summary_text(outcomes: Sequence[Outcome[Job, Finished]], album: AlbumDelivery | None) -> str:
    """A table of all files of a batch, the failed ones too."""
    from vocolab.delivery.report import verdict

    rows = [_summary_row(outcome) for outcome in outcomes]
    if album is not None and album.loudness is not None:
        lufs = number(album.loudness.integrated_lufs)
        rows.append((lufs, number(album.loudness.true_peak_dbtp), "", verdict(album.requirements), "the album"))
    return table(rows, ("LUFS", "dBTP", "gain LU", "", "file"))


def number(value: float | None) -> str:
    """Two decimals, or a dash for what is not defined."""
    return "-" if value is None else f"{value:.2f}"


def _summary_row(outcome: Outcome[Job, Finished]) -> tuple[str, ...]:
    done = outcome.result
    if done is None:
        return "-", "-", "-", "FAILED", str(outcome.job.source)
    loudness = done.delivery.loudness
    lufs, peak = (loudness.integrated_lufs, loudness.true_peak_dbtp) if loudness else (None, None)
    gain = "-" if done.gain_lu is None else f"{done.gain_lu:+.2f}"
    said = f"{done.verdict}, skipped" if done.is_old else done.verdict
    return number(lufs), number(peak), gain, said, done.output


def _speed(finished: Finished) -> str:
    return "done before, skipped" if finished.is_old else f"{finished.real_time_factor:.1f}x real time"


def _peak_notes(delivery: Delivery) -> list[str]:
    written = delivery.written
    if written.clipped_samples and not delivery.is_lossy:
        return [
            f"  {written.clipped_samples} samples were over full scale (up to {_signed(written.peak_dbfs)} dBFS) and "
            "are limited to it; a preset with a limiter, or --bit-depth 32, avoids that"
        ]
    if written.peak > 1:
        keeps = "players may clip it" if delivery.is_lossy else "32-bit float keeps it"
        return [f"  the highest sample is at {_signed(written.peak_dbfs)} dBFS; {keeps}"]
    return []


def _silence_notes(delivery: Delivery) -> list[str]:
    loudness = delivery.loudness
    if loudness is None or loudness.integrated_lufs is not None or loudness.true_peak_dbtp is None:
        return []
    return ["  it has no loudness (nothing above -70 LUFS, or less than 400 ms): nothing is boosted to reach one"]


def _codec_notes(delivery: Delivery) -> list[str]:
    if not delivery.is_lossy or delivery.loudness is None:
        return []
    if not delivery.is_decoded:
        return ["  measured before the codec, which changes peaks: not checked"]
    return [f"  measured in the decoded file{''.join(f'; {change}' for change in codec_changes(delivery))}"]


def codec_changes(delivery: Delivery) -> list[str]:
    """What was done so that the decoded file is what was promised."""
    changes = []
    if delivery.headroom_db:
        changes.append(f"the ceiling was lowered by {delivery.headroom_db:.2f} dB for the codec")
    if delivery.offset_lu:
        changes.append(f"{delivery.offset_lu:+.2f} LU make up for what the codec changes")
    return changes


def _depth(bit_depth: int | None) -> str:
    if bit_depth is None:
        return "lossy"
    return "32-bit float" if bit_depth == 32 else f"{bit_depth}-bit"


def _signed(decibels: float | None) -> str:
    return "-inf" if decibels is None else f"{decibels:+.1f}"


def _indented(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.splitlines())
