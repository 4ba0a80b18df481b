"""Gains that players apply while the audio stays as it is: ReplayGain 2.0, and R128 of Opus (RFC 7845, 5.2.1)."""

from __future__ import annotations

from dataclasses import dataclass

from vocolab.loudness import Loudness
from vocolab.tags import Tags

REPLAY_GAIN_LUFS = -18.0
"""What ReplayGain 2.0 brings audio to."""
R128_LUFS = -23.0
"""What R128 tags bring it to."""
_STEPS_A_DB = 256
"""R128 tags are fixed-point numbers of 16 bits, eight of them behind the point."""
_SCOPES = ("TRACK", "ALBUM")
REPLAY_GAIN_NAMES = frozenset(
    f"replaygain_{what}" for what in ("track_gain", "track_peak", "album_gain", "album_peak", "reference_loudness")
)


@dataclass(frozen=True)
class Level:
    """How loud a file, or a whole album, is."""

    integrated_lufs: float
    peak: float
    """Linear: the true peak, or the highest sample where that is higher."""

    @property
    def gain_db(self) -> float:
        """To ReplayGain's level."""
        return REPLAY_GAIN_LUFS - self.integrated_lufs

    @property
    def r128(self) -> int:
        """To EBU R 128's level, as its tag has it."""
        return max(-0x8000, min(round(_STEPS_A_DB * (R128_LUFS - self.integrated_lufs)), 0x7FFF))


def level_of(loudness: Loudness) -> Level | None:
    """The level of what was measured; None for what has no loudness."""
    if loudness.integrated_lufs is None:
        return None
    peaks_db = [peak for peak in (loudness.true_peak_dbtp, loudness.sample_peak_dbfs) if peak is not None]
    return Level(loudness.integrated_lufs, 10 ** (max(peaks_db) / 20) if peaks_db else 0.0)


def gain_tags(track: Level, album: Level | None, *, is_opus: bool) -> Tags:
    """The tags of a file, and of the album that it is in, if it is in one."""
    levels = [(scope, level) for scope, level in zip(_SCOPES, (track, album), strict=True) if level is not None]
    if is_opus:
        return Tags({f"R128_{scope}_GAIN": str(level.r128) for scope, level in levels})
    texts = {"REPLAYGAIN_REFERENCE_LOUDNESS": f"{REPLAY_GAIN_LUFS:.2f} LUFS"}
    for scope, level in levels:
        texts[f"REPLAYGAIN_{scope}_GAIN"] = f"{level.gain_db:.2f} dB"
        texts[f"REPLAYGAIN_{scope}_PEAK"] = f"{level.peak:.6f}"
    return Tags(texts)
