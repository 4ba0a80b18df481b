"""What a finished file is told about: its figures, and whether it meets its preset."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from vocolab.cli.readings import requirement_table
from vocolab.errors import MissedTarget

if TYPE_CHECKING:
    from vocolab.chain.chain import Chain
    from vocolab.chain.target import Requirement, Target
    from vocolab.files.writer import WriteReport
    from vocolab.loudness import Loudness


@dataclass(frozen=True)
class Delivery:
    """A file that was written, and what the meter read in it."""

    source: str
    written: WriteReport
    elapsed_s: float
    loudness: Loudness | None
    requirements: tuple[Requirement, ...]
    target: Target
    miss_allowed: bool = False
    """Whether another loudness than the target's was allowed beforehand."""

    @property
    def real_time_factor(self) -> float:
        """Seconds of audio a second of work."""
        return self.written.seconds / max(self.elapsed_s, 1e-9)

    @property
    def missed(self) -> bool:
        """Whether something that was promised does not hold and was not allowed to."""
        return any(
            requirement.passed is False and not (self.miss_allowed and requirement.requirement == "integrated_lufs")
            for requirement in self.requirements
        )


def measured(source: str, written: WriteReport, elapsed_s: float, chain: Chain) -> Delivery:
    """The delivery of a written file: it is read again and measured, if its chain promises anything."""
    if chain.target.is_empty:
        return Delivery(source, written, elapsed_s, None, (), chain.target)
    from vocolab.files.reader import open_audio
    from vocolab.loudness import measure

    loudness = measure(open_audio(written.path))
    requirements = tuple(chain.check(loudness))
    return Delivery(source, written, elapsed_s, loudness, requirements, chain.target, chain.allows_misses)


def delivery_text(delivery: Delivery) -> str:
    """A line for a file, and the table of what was wanted and got, if anything was."""
    written = delivery.written
    lines = [
        f"{delivery.source} -> {written.path}: {written.seconds:.2f} s, {written.sample_rate} Hz, "
        f"{_depth(written.bit_depth)}, {delivery.real_time_factor:.1f}x real time"
    ]
    if written.clipped_samples:
        lines.append(
            f"  {written.clipped_samples} samples were over full scale (up to {_signed(written.peak_dbfs)} dBFS) and "
            "are limited to it; a preset with a limiter, or --bit-depth 32, avoids that"
        )
    elif written.peak > 1:
        lines.append(f"  the highest sample is at {_signed(written.peak_dbfs)} dBFS; 32-bit float keeps it")
    if delivery.requirements:
        lines.append(_indented(requirement_table(delivery.requirements, delivery.target)))
    return "\n".join(lines)


def delivery_json(delivery: Delivery) -> dict[str, Any]:
    """The same for programs."""
    written, loudness = delivery.written, delivery.loudness
    return {
        "file": delivery.source,
        "output": str(written.path),
        "sample_rate": written.sample_rate,
        "channels": written.channels,
        "bit_depth": written.bit_depth,
        "seconds": written.seconds,
        "elapsed_s": round(delivery.elapsed_s, 3),
        "real_time_factor": round(delivery.real_time_factor, 3),
        "clipped_samples": written.clipped_samples,
        "integrated_lufs": loudness.integrated_lufs if loudness else None,
        "true_peak_dbtp": loudness.true_peak_dbtp if loudness else None,
        "requirements": [dict(requirement._asdict()) for requirement in delivery.requirements],
    }


def check_deliveries(deliveries: Sequence[Delivery]) -> None:
    """Raise MissedTarget if a file was written that is not what its preset promises."""
    missed = [str(delivery.written.path) for delivery in deliveries if delivery.missed]
    if missed:
        raise MissedTarget(f"{', '.join(missed)}: written, but not within the preset's target; see the report above")


def _depth(bit_depth: int | None) -> str:
    if bit_depth is None:
        return "lossy"
    return "32-bit float" if bit_depth == 32 else f"{bit_depth}-bit"


def _signed(decibels: float | None) -> str:
    return "-inf" if decibels is None else f"{decibels:+.1f}"


def _indented(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.splitlines())
