"""Networks of torch in 16 bits, where a voice can take that."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from vocolab.engines.compiling import Say
from vocolab.engines.fidelity import LEAST_SNR_DB, ratio_db
from vocolab.engines.interfaces import NetworkEngine, Settings
from vocolab.mels.plausible import plausible_mel
from vocolab.voice import Voice

_FRAMES = 131


def narrowed(model: Any, engine: NetworkEngine, settings: Settings, voice: Voice | None, say: Say) -> float | None:
    """Let a vocoder run in "fast"; gives its SNR against fp32 in dB, None where it stays in fp32, and says why.

    It can where it has its network run by `execution`; what runs its network in its own way is left alone.
    """
    if not engine.has_fast or not hasattr(model, "execution") or not hasattr(model, "render"):
        say("torch has no faster precision for this model on this machine: it runs in fp32")
        return None
    mel = plausible_mel(model.mel_spec, _FRAMES, np.random.default_rng(1))
    exact = model.render(mel)
    model.execution = engine.execute(model.network, settings)
    ratio = ratio_db(model.render(mel), exact)
    if ratio >= LEAST_SNR_DB:
        return ratio
    model.execution = engine.execute(model.network, replace(settings, precision="fp32"))
    say(f"fast is {ratio:.1f} dB from fp32 with this voice, and {LEAST_SNR_DB:g} are kept: it runs in fp32")
    return None
