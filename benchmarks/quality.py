"""How close rendered speech comes to its recording: every shipped voice, Griffin-Lim, and the recordings themselves.

    python benchmarks/quality.py CORPUS [--dnsmos] [--clips N] [--vocoder NAME[:VOICE] ...] [--json FILE]

CORPUS is a folder as `vocolab train` takes it. Its validation clips are resampled to the vocoder's rate, turned into
mels of its convention and rendered; recording and rendering are compared at 16 kHz. A corpus without `validation.txt`
is used whole.

PESQ-WB   ITU-T P.862.2, mean over the clips; 4.64 is the recording itself
STOI      Taal et al. (2011), mean over the clips
mel L1    mean |ln mel - ln mel| of the rendering's own mel against the one it was rendered from, in nepers
top band  level of the rendering above the mel's highest filter, over that of the recording, in dB (fmax to Nyquist)
DNSMOS    overall predicted opinion after ITU-T P.835 (Reddy et al., 2022), with --dnsmos, by the package speechmos
          (which needs librosa and onnxruntime beside it)
RTF       seconds of CPU time for a second of audio, one thread, without loading
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import soxr
import torch

from vocolab.audio import Audio
from vocolab.catalog import Catalog
from vocolab.errors import VocolabError
from vocolab.mels.extract import extract
from vocolab.metrics import pesq_wb, stoi
from vocolab.rendering import Renderer, open_vocoder

Row = dict[str, float]


def main() -> None:
    """Measure, print a Markdown table, and write it as JSON where asked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--clips", type=int, default=50, help="at most this many")
    parser.add_argument("--vocoder", action="append", help="NAME or NAME:VOICE; default: griffinlim and every voice")
    parser.add_argument("--dnsmos", action="store_true", help="predict opinions too; needs the package speechmos")
    parser.add_argument("--json", type=Path, help="write the figures here too")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    recordings = [Audio.load(path) for path in clip_paths(arguments.corpus)[: arguments.clips]]
    table = {"recordings": judge_recordings(recordings)}
    if arguments.dnsmos:
        table["recordings"]["dnsmos"] = float(np.mean([dnsmos(recording) for recording in recordings]))
    for wanted in arguments.vocoder or shipped():
        table[wanted] = judge(open_wanted(wanted), recordings, with_dnsmos=arguments.dnsmos)
        print(f"  {wanted}: {table[wanted]}", flush=True)
    print(markdown(table, len(recordings)))
    if arguments.json:
        arguments.json.write_text(json.dumps({"clips": len(recordings), "rows": table}, indent=1) + "\n")


def clip_paths(corpus: Path) -> list[Path]:
    """The validation clips of a corpus; all its clips where it names none for validation."""
    chosen = corpus / "validation.txt"
    files = sorted([*corpus.rglob("*.flac"), *corpus.rglob("*.wav")])
    if not chosen.exists():
        return files
    names = set(chosen.read_text().split())
    return [path for path in files if path.stem in names]


def shipped() -> list[str]:
    """Griffin-Lim, and every voice inside with its vocoder."""
    voices = Catalog.installed().voices.entries()
    return ["griffinlim", *(f"{entry.spec.vocoder}:{entry.spec.name}" for entry in voices if entry.builtin)]


def open_wanted(wanted: str) -> Renderer:
    """A renderer for NAME or NAME:VOICE."""
    name, _, voice = wanted.partition(":")
    return open_vocoder(Catalog.installed(), name, voice or None)


def judge(renderer: Renderer, recordings: Sequence[Audio], *, with_dnsmos: bool) -> Row:
    """Means over the recordings."""
    spec = renderer.mel_spec
    renderer(extract(resampled(recordings[0], spec.sample_rate), spec))  # warm
    rows: list[Row] = []
    cpu_s = audio_s = 0.0
    for recording in recordings:
        reference = resampled(recording, spec.sample_rate)
        mel = extract(reference, spec)
        started = time.process_time()
        rendered = renderer(mel)
        cpu_s += time.process_time() - started
        audio_s += rendered.seconds
        again = extract(rendered, spec).values[:, : mel.frames]
        distance = float(np.abs(again - mel.values[:, : again.shape[1]]).mean())
        top_db = level_above(rendered, spec.fmax_hz) - level_above(reference, spec.fmax_hz)
        rows.append({**compare(reference, rendered), "mel_l1": distance, "top_db": top_db})
        if with_dnsmos:
            rows[-1]["dnsmos"] = dnsmos(rendered)
    means = {name: round(float(np.mean([row[name] for row in rows])), 4) for name in rows[0]}
    return {**means, "rtf": round(cpu_s / audio_s, 5)}


def judge_recordings(recordings: Sequence[Audio]) -> Row:
    """What the measures say of the recordings against themselves: the top of the scale."""
    rows = [compare(recording, recording) for recording in recordings[:5]]
    return {name: round(float(np.mean([row[name] for row in rows])), 4) for name in rows[0]}


def compare(reference: Audio, rendered: Audio) -> Row:
    """PESQ and STOI of one clip."""
    try:
        return {"pesq_wb": pesq_wb(reference, rendered), "stoi": stoi(reference, rendered)}
    except VocolabError as error:
        raise SystemExit(f"quality: {error}") from error


def dnsmos(audio: Audio) -> float:
    """Predicted overall opinion of a clip, 1 to 5, without its recording."""
    from speechmos import dnsmos as package

    samples = resampled(audio, 16_000).samples[0].astype(np.float64)
    return float(package.run(np.clip(samples, -1.0, 1.0), 16_000)["ovrl_mos"])


def level_above(audio: Audio, frequency_hz: float) -> float:
    """Power above a frequency in dB, not under -120."""
    spectrum = np.abs(np.fft.rfft(audio.samples[0].astype(np.float64))) ** 2
    frequencies_hz = np.fft.rfftfreq(audio.n_samples, 1 / audio.sample_rate)
    power = float(spectrum[frequencies_hz > frequency_hz].sum()) / max(audio.n_samples, 1) ** 2
    return 10 * float(np.log10(max(power, 1e-12)))


def resampled(recording: Audio, sample_rate: int) -> Audio:
    """Mono at another rate."""
    mono = recording.samples.mean(axis=0)
    return Audio.mono(soxr.resample(mono, recording.sample_rate, sample_rate), sample_rate)


def markdown(table: dict[str, Row], clips: int) -> str:
    """The figures as a Markdown table."""
    head = "| vocoder | PESQ-WB | STOI | mel L1 | top band dB | DNSMOS | RTF |"
    lines = [f"{clips} clips", "", head, "|---" * 7 + "|"]
    columns = (("mel_l1", 3), ("top_db", 1), ("dnsmos", 2), ("rtf", 4))
    for name, row in table.items():
        cells = [f"{row['pesq_wb']:.2f}", f"{row['stoi']:.3f}"]
        cells += [f"{row[key]:.{digits}f}" if key in row else "" for key, digits in columns]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
