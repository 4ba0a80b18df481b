"""Phone alignments by pocketsphinx, to compare those of `vocolab align` with.

    pip install pocketsphinx
    python benchmarks/sphinx_alignment.py CORPUS -o sphinx.jsonl [--clips 40]
    vocolab align CORPUS -o OURS && vocolab align compare OURS/symbols.jsonl sphinx.jsonl

The clips are those that the corpus holds out from training. Pronunciations are vocolab's own, stress left out, so that
both place the same sounds. A frame of pocketsphinx is 10 ms apart from the next and looks at 25.6 ms: the boundary
between two is in the middle of their middles.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from vocolab.alignment.clips import TimedClip, write_clips
from vocolab.alignment.transcript import Transcript, read_transcript
from vocolab.audio import Audio
from vocolab.catalog import Catalog
from vocolab.texts.opening import open_speaker
from vocolab.training.corpus import Clip, read_corpus

RATE = 16_000
STEP_S, FIRST_S = 0.01, 0.0256 / 2 - 0.01 / 2
FILLERS = {"SIL", "+NSN+", "+SPN+", "+BREATH+", "+COUGH+", "+SMACK+", "+UH+", "+UM+", "+NOISE+"}


def aligned(clip: Clip, transcript: Transcript) -> TimedClip:
    """The sounds of a clip where pocketsphinx has them; its silences are `sil`."""
    from pocketsphinx import Decoder

    decoder = Decoder(samprate=RATE, bestpath=False, loglevel="FATAL", beam=1e-60, wbeam=1e-40, pbeam=1e-60)
    words = pronunciations(transcript)
    for number, sounds in enumerate(words):
        decoder.add_word(f"w{number}", " ".join(sounds), number + 1 == len(words))
    decoder.set_align_text(" ".join(f"w{number}" for number in range(len(words))))
    samples = Audio.mono(clip.cut(0, clip.samples.size), clip.sample_rate).mono_at(RATE).samples[0]
    data = (0.5 * 32767 * samples / np.abs(samples).max()).astype("<i2").tobytes()
    for pass_ in range(2):
        if pass_:
            decoder.set_alignment()  # of phones inside the words that the first pass placed
        decoder.start_utt()
        decoder.process_raw(data, full_utt=True)
        decoder.end_utt()
    phones = [(phone.name, phone.start, phone.duration) for word in decoder.get_alignment() for phone in word]
    ends_s = [(start + duration) * STEP_S + FIRST_S for _, start, duration in phones]
    ends_s[-1] = samples.size / RATE
    names = tuple("sil" if name in FILLERS else name for name, _, _ in phones)
    return TimedClip(clip.name, names, tuple(np.maximum(np.diff(ends_s, prepend=0.0), 0).tolist()))


def pronunciations(transcript: Transcript) -> list[list[str]]:
    """The sounds of each word, without stress."""
    words: list[list[str]] = [[] for _ in transcript.words]
    for symbol, owner in zip(transcript.symbols, transcript.owners, strict=True):
        if owner >= 0:
            words[owner].append(symbol.rstrip("012"))
    return words


def alignments(corpus: Path, clips: int) -> Iterator[TimedClip]:
    """Of the first held-out clips."""
    reader = open_speaker(Catalog.installed(), "en-US")
    for clip in read_corpus(corpus).validation[:clips]:
        try:
            yield aligned(clip, read_transcript(reader, clip.text))
        except RuntimeError as error:
            print(f"left out {clip.name}: pocketsphinx: {error}")


def main() -> None:
    """Write pocketsphinx's alignment of a corpus."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument("--clips", type=int, default=40)
    arguments = parser.parse_args()
    write_clips(arguments.output, alignments(arguments.corpus, arguments.clips))


if __name__ == "__main__":
    main()
