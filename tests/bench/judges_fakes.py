"""An environment of judges that holds no judge: a Python that answers as the worker does."""

from __future__ import annotations

import sys
from pathlib import Path

from vocolab.bench.judges import environment

_SCRIPT = """#!{python}
import json, sys
for line in sys.stdin:
    asked = json.loads(line)
    if asked["ask"] == "transcript":
        sys.exit(3)
    import soundfile
    clips = [soundfile.read(file) for file in asked["files"]]
    assert all(rate == 16000 and samples.ndim == 1 for samples, rate in clips)
    if len(clips[0][0]) < 8000:
        print(json.dumps({{"error": "too short"}}), flush=True)
    else:
        print(json.dumps({{"answer": {{"distillmos": 4.25, "speaker_similarity": 0.9}}[asked["ask"]]}}), flush=True)
"""


def fake_environment(folder: Path) -> Path:
    """One that `judges_python` takes for complete, in `folder`."""
    python = folder / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(_SCRIPT.format(python=sys.executable))
    python.chmod(0o755)
    (folder / "vocolab-judges").write_text(environment._fingerprint())
    return folder
