"""The synthetic corpus: what its speaker reads, when things are heard, and what it never says."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from speech_fakes import model, sentence

import vocolab
from vocolab.errors import DependencyMissing
from vocolab_english.symbols import SYMBOLS
from vocolab_fastspeech2.reading import read
from vocolab_fastspeech2.synthetic.phonemes import written
from vocolab_fastspeech2.synthetic.speaker import HibariSpeaker
from vocolab_fastspeech2.synthetic.texts import passages, read_table
from vocolab_fastspeech2.synthetic.timing import with_silences
from vocolab_fastspeech2.synthetic.weak_words import WEAK_WORDS

RATE = 24_000


@pytest.mark.parametrize(("text", "said"), [
    ("The city is little.", "ðə sˈɪTi ɪz lˈɪTᵊl."),
    ("A button, for four!", "ɐ bˈʌtᵊn, fɔɹ fˈɔɹ!"),
    ("Started to eat?", "stˈɑɹTᵻd tʊ ˈit?"),
    ("The bird was heard.", "ðə bˈɜɹd wʌz hˈɜɹd."),
])  # fmt: skip
def test_symbols_are_written_as_the_speakers_own_reader_does(text: str, said: str) -> None:
    one = next(iter(vocolab.text(text).sentences))
    sequence = read(one, SYMBOLS, WEAK_WORDS)
    pieces = written(one, sequence)
    assert "".join(piece.characters for piece in pieces) == said
    assert [piece.symbol for piece in pieces] == list(range(len(sequence.names)))


def test_small_words_lose_their_stress_but_not_before_a_pause() -> None:
    one = next(iter(vocolab.text("I can see that you can.").sentences))
    names = read(one, SYMBOLS, WEAK_WORDS).names
    assert [name for name in names if name.startswith("AE")] == ["AE0", "AE0", "AE1"]


def test_given_phonemes_keep_their_stress() -> None:
    marked = "<speak><phoneme alphabet='x-arpabet' ph='F AO1 R'>for</phoneme> him</speak>"
    one = next(iter(vocolab.text(marked).sentences))
    assert "AO1" in read(one, SYMBOLS, WEAK_WORDS).names


def test_a_pause_is_where_it_is_silent() -> None:
    """A sound of 0.2 s, silence of 0.3 s and a sound of 0.2 s, of which the durations know little."""
    tone = 0.3 * np.sin(2 * np.pi * 200 * np.arange(round(0.2 * RATE)) / RATE).astype(np.float32)
    audio = np.concatenate([tone, np.zeros(round(0.3 * RATE), np.float32), tone])
    found = np.cumsum(with_silences(audio, RATE, np.array([0.4, 0.05, 0.25]), [1]))
    np.testing.assert_allclose(found, [0.21, 0.49, 0.7], atol=0.006)


def test_without_silence_nothing_is_moved() -> None:
    audio = 0.3 * np.sin(2 * np.pi * 200 * np.arange(round(0.7 * RATE)) / RATE).astype(np.float32)
    given = np.array([0.3, 0.05, 0.35])
    np.testing.assert_allclose(with_silences(audio, RATE, given, [1]), given)


def test_held_out_chapters_are_never_said(tmp_path: Path) -> None:
    table = tmp_path / "texts.csv"
    lines = [f"LJ04{chapter}-000{line}|A line, or so it is.\n" for chapter in range(4, 9) for line in range(9)]
    table.write_text("".join(lines))
    said = list(passages(read_table(table, ["LJ045", "LJ046", "LJ047", "LJ048"]), seed=1))
    assert said and all(passage.name.startswith(("LJ044", "short")) for passage in said)


def test_the_speaker_is_needed_for_its_corpus_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "hibari", None)
    assert model().synthesize(sentence()).mel.frames
    with pytest.raises(DependencyMissing, match="synthetic-corpus"):
        HibariSpeaker()
