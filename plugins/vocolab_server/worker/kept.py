"""A voice that looks whether it has said a sentence before: same sentence, silence and seed, same samples."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from typing import Any

import numpy as np

from vocolab.speaking.silences import Between
from vocolab.speaking.take_lines import take_of
from vocolab.speaking.voices import Samples, SpeakingVoice, Take
from vocolab.texts.document import Sentence
from vocolab_server.worker.cache import SentenceCache

_BLOCK_SAMPLES = 65_536


class KeptVoice(SpeakingVoice):
    """Another voice, with a cache before it.

    Args:
        voice: Who speaks what is not in the cache.
        identity: All that decides its sound beside the sentence: weights, speaker, options, version.
        cache: Where sentences are kept.
    """

    def __init__(self, voice: SpeakingVoice, identity: dict[str, Any], cache: SentenceCache) -> None:
        super().__init__(voice.name, voice.controls, voice.sample_rate, voice.vocoder_name)
        self._voice, self._identity, self._cache = voice, identity, cache

    def take(self, sentence: Sentence, *, silence_s: float, tail_s: float, seed: int, between: Between) -> Take:
        """As `SpeakingVoice.take`, without a mel where the sentence is known."""
        key = self._key(sentence, silence_s, tail_s, seed, between)
        if (found := self._cache.get(key)) is not None and (known := _known(sentence, self.sample_rate, *found)):
            return known
        take = self._voice.take(sentence, silence_s=silence_s, tail_s=tail_s, seed=seed, between=between)
        return replace(take, render=self._keeping(key, take))

    def _keeping(self, key: str, take: Take) -> Callable[[int | None], Iterator[Samples]]:
        """The take's samples, which are kept once all of them are there."""

        def render(first_frames: int | None) -> Iterator[Samples]:
            parts = []
            for block in take.render(first_frames):
                parts.append(block)
                yield block
            self._cache.put(key, _facts(take), np.concatenate([np.zeros(0, np.float32), *parts]))

        return render

    def _key(self, sentence: Sentence, silence_s: float, tail_s: float, seed: int, between: Between) -> str:
        said = asdict(_moved(sentence, -sentence.start))
        for name in ("paragraph", "assumed", "marks", "voice"):
            del said[name]
        decides = {**self._identity, "sentence": said, "silence_s": silence_s, "tail_s": tail_s, "seed": seed,
                   "between": between}
        return hashlib.sha256(json.dumps(decides, sort_keys=True).encode()).hexdigest()


def _moved(sentence: Sentence, by: int) -> Sentence:
    """The same sentence, further on in its text."""
    words = tuple(replace(word, start=word.start + by, end=word.end + by) for word in sentence.words)
    return replace(sentence, words=words, start=sentence.start + by, end=sentence.end + by)


def _facts(take: Take) -> dict[str, Any]:
    by = take.sentence.start
    words = [
        asdict(replace(word, source_start=word.source_start - by, source_end=word.source_end - by))
        for word in take.words
    ]
    return {"words": words, "phonemes": [asdict(phoneme) for phoneme in take.phonemes]}


def _known(sentence: Sentence, sample_rate: int, facts: dict[str, Any], samples: Samples) -> Take | None:
    """The take that was kept; None if somebody else has written what is none."""
    by = sentence.start
    try:
        kept = take_of({**facts, "end": samples.size, "tail_s": 0.0})
    except ValueError:
        return None
    words = tuple(
        replace(word, source_start=word.source_start + by, source_end=word.source_end + by) for word in kept.words
    )

    def render(first_frames: int | None) -> Iterator[Samples]:
        for start in range(0, samples.size, _BLOCK_SAMPLES):
            yield samples[start : start + _BLOCK_SAMPLES]

    return Take(sentence, sample_rate, samples.size, words, tuple(kept.phonemes), None, render)
