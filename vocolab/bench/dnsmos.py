"""DNSMOS: the overall opinion that listeners would have after ITU-T P.835, predicted without the recording.

C. K. A. Reddy, V. Gopal, R. Cutler: DNSMOS P.835 (ICASSP 2022). The network is the one in the package speechmos; it is
run by onnxruntime directly, since the package's own functions need librosa for a figure that is not asked for here.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from vocolab.audio import Audio
from vocolab.errors import AudioError, DependencyMissing

_RATE_HZ = 16_000
_WINDOW_SAMPLES = 144_160  # 9.01 s, what the network takes
_CALIBRATION = (-0.06766283, 1.11546468, 0.04602535)  # from the network's number to an opinion, as published
_OVERALL = 2  # it gives signal, background, overall


def dnsmos(audio: Audio) -> float:
    """Predicted overall opinion of mono speech, 1 to 5: the mean over windows of 9.01 s, one from every second on.

    Shorter audio is doubled until it fills a window.

    Raises:
        DependencyMissing: without the packages speechmos and onnxruntime.
        AudioError: if there are no samples.
    """
    session = _session()
    if audio.n_samples == 0:
        raise AudioError("there are no samples to judge")
    samples = np.clip(audio.mono_at(_RATE_HZ).samples[0], -1.0, 1.0)
    while samples.size < _WINDOW_SAMPLES:
        samples = np.concatenate([samples, samples])
    # Whole seconds are counted first, as the published script does.
    windows = max(int(samples.size // _RATE_HZ - _WINDOW_SAMPLES / _RATE_HZ) + 1, 1)
    starts = [index * _RATE_HZ for index in range(windows)]
    pieces = [samples[None, start : start + _WINDOW_SAMPLES].astype(np.float32) for start in starts]
    scores = [session.run(None, {"input_1": piece})[0][0][_OVERALL] for piece in pieces]
    return float(np.mean(np.polyval(_CALIBRATION, np.array(scores, dtype=np.float64))))


@lru_cache(maxsize=1)
def _session() -> Any:
    """The network, on one thread.

    Raises:
        DependencyMissing: if a package is not installed.
    """
    hint = "DNSMOS needs the packages onnxruntime and speechmos: pip install 'vocolab[dnsmos]'"
    package = find_spec("speechmos")  # imports nothing of it
    try:
        import onnxruntime
    except ModuleNotFoundError as error:
        raise DependencyMissing(hint) from error
    if package is None or not package.submodule_search_locations:
        raise DependencyMissing(hint)
    model = Path(package.submodule_search_locations[0]) / "dnsmos_models" / "sig_bak_ovr.onnx"
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])


def check_dnsmos() -> None:
    """Find out whether DNSMOS can be measured, before long work begins.

    Raises:
        DependencyMissing: if a package is not installed.
    """
    _session()
