"""Whether what is voiced stays voiced, and at its pitch.

Morrison et al., "Chunked autoregressive GAN for conditional waveform synthesis" (2022), section 4.1: artefacts of GAN
vocoders are mostly wrong periods. The paper's tracker is CREPE; here it is `vocolab.pitch.periodicity`: the figures can
be compared with each other and not with the paper's.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vocolab.audio import Audio
from vocolab.errors import AudioError
from vocolab.pitch.periodicity import track_pitch

GROSS_CENTS = 300.0
"""An error of F0 from here on is a gross one: another pitch, mostly an octave, and not a detuned one."""


def periodicity_rmse(recorded: Audio, rendered: Audio) -> float:
    """Root mean square difference of the periodicities (0 to 1) of all frames; 0 if equal, lower is closer."""
    reference, degraded = track_pitch(recorded).periodicity, track_pitch(rendered).periodicity
    n = min(reference.size, degraded.size)
    return float(np.sqrt(np.mean(np.square(reference[:n] - degraded[:n]))))


def voicing_f1(recorded: Audio, rendered: Audio) -> float:
    """F1 of the frames that the rendering has voiced, the recording's being the truth; 1 if all agree.

    Where neither has a voiced frame they agree: 1.
    """
    reference, degraded = track_pitch(recorded).voiced, track_pitch(rendered).voiced
    n = min(reference.size, degraded.size)
    both = np.count_nonzero(reference[:n] & degraded[:n])
    either = np.count_nonzero(reference[:n]) + np.count_nonzero(degraded[:n])
    return 2 * both / either if either else 1.0


def f0_error_cents(recorded: Audio, rendered: Audio) -> float:
    """Median distance of the two pitches in cents, over the frames that both have voiced.

    Raises:
        AudioError: if there is no such frame.
    """
    return float(np.median(_apart_cents(recorded, rendered)))


def f0_gross_percent(recorded: Audio, rendered: Audio) -> float:
    """Share of the frames that both have voiced in which the pitches are more than 300 cents apart, in percent.

    Raises:
        AudioError: if there is no such frame.
    """
    return 100 * float(np.mean(_apart_cents(recorded, rendered) > GROSS_CENTS))


def _apart_cents(recorded: Audio, rendered: Audio) -> NDArray[np.float64]:
    reference, degraded = track_pitch(recorded), track_pitch(rendered)
    n = min(reference.voiced.size, degraded.voiced.size)
    both = reference.voiced[:n] & degraded.voiced[:n]
    if not both.any():
        raise AudioError("no frame is voiced in both, so that no pitch can be compared")
    ratio = degraded.frequency_hz[:n][both] / reference.frequency_hz[:n][both]
    apart: NDArray[np.float64] = 1200 * np.abs(np.log2(ratio))
    return apart
