"""What a finished file is told about: its figures for programs, one word for people, and an error where it missed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from vocolab.delivery.delivered import AlbumDelivery, Delivery
from vocolab.delivery.target import Requirement, missed
from vocolab.delivery.wording import shortfall
from vocolab.errors import MissedTarget


@dataclass(frozen=True)
class Finished:
    """A file of a call."""

    source: str
    delivery: Delivery
    elapsed_s: float
    source_lufs: float | None = None
    """Integrated loudness before; None where it has none, or was not measured."""
    is_old: bool = False
    """Whether an earlier run made it."""
    place: str = ""
    """Where it has gone, if it is no file that stays."""

    @property
    def output(self) -> str:
        """What people call the result: its path, or where it has gone."""
        return self.place or str(self.delivery.written.path)

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

    @property
    def verdict(self) -> str:
        """Pass, or what else there is to say in one word."""
        return "written" if self.delivery.loudness is None else verdict(self.delivery.requirements)


def verdict(requirements: Sequence[Requirement]) -> str:
    """One word for readings: pass, MISSED, no loudness, or measured where nothing was required.

    What was allowed to be missed is MISSED as well: allowed is not reached.
    """
    broken = missed(requirements)
    if not broken:
        return "pass" if requirements else "measured"
    return "no loudness" if all(requirement.got is None for requirement in broken) else "MISSED"


def check_finished(finished: Sequence[Finished], album: AlbumDelivery | None = None) -> None:
    """Raise MissedTarget if a file was written that is not what was promised."""
    misses = [(one.output, one.delivery.misses) for one in finished if one.delivery.missed]
    if not misses and album is not None and album.missed:
        misses = [("the album", album.misses)]
    if len(misses) == 1:
        raise MissedTarget(_not_within(misses[0][1]), about=misses[0][0])
    if misses:
        raise MissedTarget("; ".join(f"{name}: {_not_within(requirements)}" for name, requirements in misses))


def finished_facts(finished: Finished) -> dict[str, Any]:
    """The figures of a file, in types that JSON knows."""
    delivery = finished.delivery
    written, loudness = delivery.written, delivery.loudness
    return {
        "file": finished.source,
        "output": finished.output,
        "sample_rate": written.sample_rate,
        "channels": written.channels,
        "bit_depth": written.bit_depth,
        "seconds": written.seconds,
        "elapsed_s": round(finished.elapsed_s, 3),
        "real_time_factor": round(finished.real_time_factor, 3) if not finished.is_old else None,
        "skipped": finished.is_old,
        "clipped_samples": written.clipped_samples,
        "not_kept": list(written.not_kept),
        "decoded": delivery.is_decoded,
        "codec_headroom_db": round(delivery.headroom_db, 3),
        "codec_offset_lu": round(delivery.offset_lu, 3),
        "rounds": delivery.rounds,
        "deeds": None if finished.is_old else [deed.facts() for deed in delivery.deeds],
        "source_lufs": finished.source_lufs,
        "gain_lu": finished.gain_lu,
        "integrated_lufs": loudness.integrated_lufs if loudness else None,
        "true_peak_dbtp": loudness.true_peak_dbtp if loudness else None,
        "met": not delivery.missed,
        "requirements": requirement_facts(delivery.requirements),
    }


def album_facts(album: AlbumDelivery) -> dict[str, Any]:
    """What holds for all files of an album together, in types that JSON knows."""
    return {
        "integrated_lufs": album.loudness.integrated_lufs if album.loudness else None,
        "met": not album.missed,
        "requirements": requirement_facts(album.requirements),
    }


def requirement_facts(requirements: Sequence[Requirement]) -> list[dict[str, Any]]:
    """What was wanted and got, line by line."""
    return [dict(requirement._asdict()) for requirement in requirements]


def _not_within(requirements: Sequence[Requirement]) -> str:
    return f"written, but not within the preset's target ({', '.join(map(shortfall, requirements))})"
