"""Whether what is voiced stays voiced.

Morrison et al., "Chunked autoregressive GAN for conditional waveform synthesis" (2022), section 4.1: artefacts of GAN
vocoders are mostly wrong periods. The paper's tracker is CREPE; here it is `vocolab.metrics.pitch`: the figures can be
compared with each other and not with the paper's.
"""

from __future__ import annotations

import numpy as np

from vocolab.audio import Audio
from vocolab.metrics.pitch import track_pitch


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
