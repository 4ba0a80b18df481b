"""What a finished file is told about: its figures, and whether it meets its preset."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from vocolab.cli.readings import requirement_table
from vocolab.cli.table import table
from vocolab.errors import MissedTarget

if TYPE_CHECKING:
    from vocolab.chain.delivery import AlbumDelivery, Delivery
    from vocolab.chain.target import Requirement
    from vocolab.cli.batch import Outcome
    from vocolab.cli.outputs import Job


@dataclass(frozen=True)
class Finished:
    """A file of a batch."""

    source: str
    delivery: Delivery
    elapsed_s: float
    source_lufs: float | None = None
    """Integrated loudness before; None where it has none, or was not measured."""
    is_old: bool = False
    """Whether an earlier run made it."""

    @property
    def real_time_factor(self) -> float:
        """Seconds of audio a second of work."""
        return self.delivery.written.seconds / max(self.elapsed_s, 1e-9)

    @property
    def gain_lu(self) -> float | None:
        """How much louder it has become."""
        loudness = self.delivery.loudness
        if loudness is None or loudness.integrated_lufs is None or self.source_lufs is None:
            return None
        return loudness.integrated_lufs - self.source_lufs


def finished_text(finished: Finished) -> str:
    """A line for a file, and the table of what was wanted and got, if anything was."""
    delivery = finished.delivery
    written = delivery.written
    lines = [
        f"{finished.source} -> {written.path}: {written.seconds:.2f} s, {written.sample_rate} Hz, "
        f"{_depth(written.bit_depth)}, {_speed(finished)}",
        *_peak_notes(delivery),
        *_silence_notes(delivery),
        *_codec_notes(delivery),
    ]
    if delivery.requirements:
        lines.append(_indented(requirement_table(delivery.requirements, delivery.target)))
    return "\n".join(lines)


def finished_json(finished: Finished) -> dict[str, Any]:
    """The same for programs."""
    delivery = finished.delivery
    written, loudness = delivery.written, delivery.loudness
    return {
        "file": finished.source,
        "output": str(written.path),
        "sample_rate": written.sample_rate,
        "channels": written.channels,
        "bit_depth": written.bit_depth,
        "seconds": written.seconds,
        "elapsed_s": round(finished.elapsed_s, 3),
        "real_time_factor": round(finished.real_time_factor, 3) if not finished.is_old else None,
        "skipped": finished.is_old,
        "clipped_samples": written.clipped_samples,
        "decoded": delivery.is_decoded,
        "codec_headroom_db": round(delivery.headroom_db, 3),
        "codec_offset_lu": round(delivery.offset_lu, 3),
        "rounds": delivery.rounds,
        "source_lufs": finished.source_lufs,
        "gain_lu": finished.gain_lu,
        "integrated_lufs": loudness.integrated_lufs if loudness else None,
        "true_peak_dbtp": loudness.true_peak_dbtp if loudness else None,
        "requirements": requirements_json(delivery.requirements),
    }


def album_json(album: AlbumDelivery) -> dict[str, Any]:
    """What holds for all files of an album together."""
    return {
        "integrated_lufs": album.loudness.integrated_lufs if album.loudness else None,
        "requirements": requirements_json(album.requirements),
    }


def requirements_json(requirements: Sequence[Requirement]) -> list[dict[str, Any]]:
    """What was wanted and got, line by line."""
    return [dict(requirement._asdict()) for requirement in requirements]


def summary_text(outcomes: Sequence[Outcome[Job, Finished]], album: AlbumDelivery | None) -> str:
    """A table of all files of a batch, the failed ones too."""
    rows = [_summary_row(outcome) for outcome in outcomes]
    if album is not None and album.loudness is not None:
        lufs = number(album.loudness.integrated_lufs)
        rows.append((lufs, number(album.loudness.true_peak_dbtp), "", _verdict(album.requirements), "the album"))
    return table(rows, ("LUFS", "dBTP", "gain LU", "", "file"))


def check_finished(finished: Sequence[Finished], album: AlbumDelivery | None = None) -> None:
    """Raise MissedTarget if a file was written that is not what its preset promises."""
    missed = [str(one.delivery.written.path) for one in finished if one.delivery.missed]
    if missed:
        raise MissedTarget(f"{', '.join(missed)}: written, but not within the preset's target; see the report above")
    if album is not None and album.missed:
        got = number(album.loudness.integrated_lufs if album.loudness else None)
        raise MissedTarget(f"the album: written, but its loudness is {got} LUFS, not within the preset's target")


def verdict(finished: Finished) -> str:
    """Pass, or what else there is to say about a file in one word."""
    if finished.delivery.loudness is None:
        return "written"
    return _verdict(finished.delivery.requirements)


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
    said = f"{verdict(done)}, skipped" if done.is_old else verdict(done)
    return number(lufs), number(peak), gain, said, str(done.delivery.written.path)


def _verdict(requirements: Sequence[Requirement]) -> str:
    if any(requirement.passed is False for requirement in requirements):
        return "MISSED"
    if any(requirement.passed is None for requirement in requirements):
        return "no loudness"
    return "pass" if requirements else "measured"


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
