"""What a rendering does not import: torch's compiler takes longer to load than torch."""

from __future__ import annotations

import subprocess
import sys

import pytest

_CODE = """
import sys
import numpy as np
import vocolab
values = np.load(sys.argv[2])[:, 100:110]
vocolab.render(values, vocoder=sys.argv[1], mel_spec="hifigan-22k")
print("torch._dynamo" in sys.modules)
"""


@pytest.mark.slow
@pytest.mark.parametrize("vocoder", ["vocos", "hifigan", "diffwave", "waveglow"])
def test_a_rendering_does_not_load_torchs_compiler(vocoder: str, request: pytest.FixtureRequest) -> None:
    mel = request.config.rootpath / "examples" / "ljspeech.npy"
    done = subprocess.run(
        [sys.executable, "-c", _CODE, vocoder, str(mel)], capture_output=True, text=True, check=True
    )
    assert done.stdout == "False\n"
