"""Writes a corpus of synthetic speech, and with each clip when its symbols are heard.

    FOLDER/metadata.csv       name|what is said
    FOLDER/wavs/NAME.wav      16 bit at 22.05 kHz
    FOLDER/symbols.jsonl      a line a clip: its name, speaker, symbols and their seconds
    FOLDER/speech.json        the symbol set, and how the words of `weak_words` are read
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vocolab.audio import Audio
from vocolab.catalog import Catalog
from vocolab.texts.document import Sentence
from vocolab.texts.opening import open_speaker
from vocolab.texts.speaking import Speaker
from vocolab.texts.symbols import BOUNDARY, SymbolSequence
from vocolab_fastspeech2.reading import read
from vocolab_fastspeech2.synthetic.phonemes import written
from vocolab_fastspeech2.synthetic.speaker import LONGEST, HibariSpeaker
from vocolab_fastspeech2.synthetic.texts import Passage
from vocolab_fastspeech2.synthetic.timing import with_silences
from vocolab_fastspeech2.synthetic.weak_words import WEAK_WORDS

SAMPLE_RATE = 22_050
LEAD_S, TAIL_S = 0.06, 0.12
"""Silence that is kept before the first sound and after the last."""
_LIMIT = 0.99


class CorpusWriter:
    """Speaks passages into a folder; what is there already is kept, and not spoken again."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder = folder
        self.speaker, self.reader = HibariSpeaker(seed), _english()
        (folder / "wavs").mkdir(parents=True, exist_ok=True)
        described = {"symbols": self.reader.language.symbols.name, "language": self.reader.language.tag,
                     "word_stress": asdict(WEAK_WORDS)}
        (folder / "speech.json").write_text(json.dumps(described, indent=1), encoding="utf-8")

    def write(self, passages: Iterator[Passage], seconds: float, part: str = "") -> float:
        """Speak until there are so many seconds; gives how many there are."""
        done = 0.0
        with (self.folder / f"symbols{part}.jsonl").open("w", encoding="utf-8") as rows, (
                self.folder / f"metadata{part}.csv").open("w", encoding="utf-8") as texts:
            for passage in passages:
                for row, audio, text in self._clips(passage):
                    audio.save(self.folder / "wavs" / f"{row['name']}.wav")
                    rows.write(json.dumps(row) + "\n")
                    texts.write(f"{row['name']}|{text}\n")
                    done += audio.seconds
                if done >= seconds:
                    break
        return done

    def _clips(self, passage: Passage) -> Iterator[tuple[dict[str, Any], Audio, str]]:
        for number, sentence in enumerate(self.reader.stream([passage.text])):
            sequence = read(sentence, self.reader.language.symbols, WEAK_WORDS)
            said = self._said(sentence, sequence)
            if said is not None:
                name = f"{passage.name}-{number}" if number else passage.name
                yield _row(name, sequence, said[1]), said[0], sentence.normalized

    def _said(self, sentence: Sentence, sequence: SymbolSequence) -> tuple[Audio, NDArray[np.float64]] | None:
        pieces = written(sentence, sequence)
        if sum(len(piece.characters) for piece in pieces) > LONGEST or len(sequence.names) < 4:
            return None
        heard = self.speaker.say([piece.characters for piece in pieces[1:]])
        at_end = heard.seconds[-2:].sum()  # the sign there and the silence after it
        seconds = np.append(heard.seconds[:-2], at_end)
        rests = [place for place, name in enumerate(sequence.names)
                 if sequence.words[place] < 0 and name != BOUNDARY and place]
        seconds = with_silences(heard.audio, self.speaker.sample_rate, seconds, rests)
        return _trimmed(heard.audio, self.speaker.sample_rate, seconds)


def _trimmed(audio: NDArray[np.float32], rate: int, seconds: NDArray[np.float64]) -> tuple[Audio, NDArray[np.float64]]:
    first = round(max(0.0, seconds[0] - LEAD_S) * rate)
    end = min(audio.size, round((seconds.sum() - max(0.0, seconds[-1] - TAIL_S)) * rate))
    seconds = seconds.copy()
    seconds[0] -= first / rate
    seconds[-1] = (end - first) / rate - seconds[:-1].sum()
    return Audio.mono(np.clip(audio[first:end], -_LIMIT, _LIMIT), rate).mono_at(SAMPLE_RATE), seconds


def _row(name: str, sequence: SymbolSequence, seconds: NDArray[np.float64]) -> dict[str, Any]:
    return {"name": name, "speaker": "heart", "symbols": list(sequence.names),
            "seconds": [round(float(one), 4) for one in seconds]}


def _english() -> Speaker:
    return open_speaker(Catalog.installed(), "english")
