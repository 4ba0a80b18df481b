"""How fast onnxruntime renders the voices inside, beside vocolab with torch, on the same mel.

    python benchmarks/onnx_speed.py [--seconds 5] [--runs 9] [--threads 1]

Each voice is exported to a temporary file as by `vocolab export`. Both render the mel in one piece, turn by turn; the
best of the runs counts. RTF is seconds taken for a second of audio, without loading.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from speed import alternate

import vocolab
from vocolab.catalog import Catalog
from vocolab.mels.plausible import plausible_mel


def main() -> None:
    """Measure and print a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=5.0, help="of audio")
    parser.add_argument("--runs", type=int, default=9)
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = arguments.threads
    catalog = Catalog.installed(no_plugins=True)
    print(f"onnxruntime {onnxruntime.__version__}, torch {torch.__version__}, {arguments.threads} thread(s)\n")
    print("| voice | MB | RTF torch | RTF onnxruntime | times faster | largest difference |\n|---|---|---|---|---|---|")
    for entry in catalog.voices.entries():
        voice = catalog.voices.load(entry.qualified)
        if not catalog.vocoders.get(voice.model).spec.exporter:
            continue
        vocoder = catalog.vocoders.create(voice.model, {}, voice)
        spec = voice.mel_spec
        mel = plausible_mel(spec, round(arguments.seconds * spec.frame_rate_hz), np.random.default_rng(0))
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "voice.onnx"
            size_bytes = vocolab.export(voice, path).size_bytes
            session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        if [port.name for port in session.get_inputs()] != ["mel"]:
            continue  # its noise is the caller's, and so is what it is compared with
        ours, theirs, error = alternate(
            lambda s=session, m=mel: s.run(["audio"], {"mel": m[None]})[0][0], lambda v=vocoder, m=mel: v.render(m),
            arguments.runs,
        )
        audio_s = mel.shape[1] / spec.frame_rate_hz
        rtf = f"{theirs / audio_s:.4f} | {ours / audio_s:.4f}"
        print(f"| {entry.name} | {size_bytes / 1e6:.1f} | {rtf} | {theirs / ours:.2f} | {error:.1e} |", flush=True)


if __name__ == "__main__":
    main()
