"""How the letter-to-sound model is trained and measured."""

from __future__ import annotations

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vocolab_english.dictionary import cmudict
from vocolab_english.letter_sounds import LetterSounds
from vocolab_english.training.alignment import Aligner
from vocolab_english.training.evaluate_letters import Errors, edits, errors
from vocolab_english.training.families import families, part
from vocolab_english.training.train_letters import (
    LETTERS,
    Plan,
    batches,
    common_chunks,
    examples,
    tensors,
    write_model,
)


def test_a_family_is_a_word_with_its_relatives():
    words = [
        "stop",
        "stops",
        "stopped",
        "stopping",
        "stopper's",
        "nonstop",
        "carry",
        "carried",
        "carrier",
        "stone",
        "top",
    ]
    family = families(words)
    assert len({family[word] for word in words[:6]} - {family["stopper's"]}) == 1
    assert family["carry"] == family["carried"] == family["carrier"]
    assert len({family["stop"], family["carry"], family["stone"], family["top"]}) == 4


def test_a_family_is_never_in_two_parts():
    words = [base + ending for base in ("work", "play", "turn", "paint", "form") for ending in ("", "s", "ed", "ing")]
    family = families(words)
    assert len({(family[word], part(family[word])) for word in words}) == 5


def test_families_fall_into_parts_by_their_share():
    parts = [part(f"word{number}") for number in range(4000)]
    assert 0.03 < parts.count("test") / 4000 < 0.07
    assert 0.01 < parts.count("check") / 4000 < 0.035


def test_letters_are_aligned_with_what_they_make():
    some = dict(list(cmudict().items())[::50])
    words = {word: cmudict()[word] for word in ("mix", "phone", "thought", "queue")} | some
    pairs = [(word, listed[0]) for word, listed in words.items()]
    chunks = dict(zip(words, Aligner(pairs, rounds=4).chunks(), strict=True))
    assert chunks["mix"] == (("M",), ("IH1",), ("K", "S"))
    assert chunks["phone"] == (("F",), (), ("OW1",), ("N",), ())
    for word, sounds in pairs:
        assert chunks[word] is None or tuple(one for chunk in chunks[word] for one in chunk) == sounds


def test_more_phonemes_than_letters_can_make_are_left_out():
    assert Aligner([("w", ("D", "AH1", "B", "AH0", "L")), ("at", ("AE1", "T"))]).chunks()[0] is None


@given(st.lists(st.integers(0, 3), max_size=6), st.lists(st.integers(0, 3), max_size=6))
def test_edits_are_a_distance(one, other):
    assert edits(one, other) == edits(other, one) <= max(len(one), len(other))
    assert (edits(one, other) == 0) == (one == other)
    assert edits(one, other) >= abs(len(one) - len(other))


def test_the_nearest_listed_pronunciation_counts_and_stress_if_asked():
    listed = [("R", "IY1", "D"), ("R", "EH1", "D")]
    assert errors(("R", "EH0", "D"), listed) == Errors(0, 3)
    assert errors(("R", "EH0", "D"), listed, stress=True) == Errors(1, 3)
    assert errors(("R", "EH0"), listed) == Errors(1, 3)


def test_the_learning_rate_rises_and_falls_to_nothing():
    plan = Plan(10, 1.0)
    rates = [plan.rate(epoch / 4) for epoch in range(41)]
    assert max(rates) == plan.rate(1.0) == pytest.approx(1.0) and rates[-1] == pytest.approx(0.0)
    cut = Plan(10, 1.0, 5, 8)
    assert cut.rate(5) == plan.rate(5) and cut.rate(6.5) == pytest.approx(plan.rate(5) / 2)
    assert cut.rate(8) == pytest.approx(0.0) and cut.last == 8 and plan.last == 10


def test_the_plugin_says_what_torch_says(tmp_path):
    """The network without torch gives the sounds that the trained one finds likeliest, one letter after another."""
    torch = pytest.importorskip("torch")
    from vocolab_english.training.letter_network import LetterNetwork

    torch.manual_seed(3)
    chunks = [("M",), ("IH1",), ("K", "S"), (), ("AA1",)]
    network = LetterNetwork(1 + len(LETTERS), len(chunks)).eval()
    with torch.no_grad():
        for value in network.parameters():
            value.copy_((value * 3).half().float())
    write_model(network, chunks, tmp_path / "letters.safetensors")
    plugin = LetterSounds((tmp_path / "letters.safetensors").read_bytes())
    for word in ("mix", "a", "strengths", "o'neill"):
        assert plugin(word) == _likeliest(network, chunks, word)


def _likeliest(network, chunks, word):
    """By trying all ways: the best of a beam that leaves nothing out."""
    import torch

    letters = torch.tensor([[1 + LETTERS.index(letter) for letter in word]])
    beams = [(0.0, [])]
    for at in range(len(word)):
        grown = []
        for score, made in beams:
            said = torch.tensor([[len(chunks), *made][: at + 1]])
            padded = torch.nn.functional.pad(said, (0, len(word) - said.shape[1]))
            with torch.no_grad():
                row = torch.log_softmax(network(letters, padded, torch.tensor([len(word)]))[0, at], 0)
            grown += [(score + float(row[chunk]), [*made, chunk]) for chunk in range(len(chunks))]
        beams = sorted(grown, key=lambda pair: -pair[0])[:4]
    return tuple(phoneme for chunk in beams[0][1] for phoneme in chunks[chunk])


def test_batches_hold_every_example_once_and_mask_what_is_over():
    pairs = [("ab", ("AE1", "B")), ("abc", ("AE1", "B", "K")), ("a", ("AH0",))]
    aligned = [(("AE1",), ("B",)), (("AE1",), ("B",), ("K",)), (("AH0",),)]
    chunks = sorted({chunk for made in aligned for chunk in made})
    found = examples(pairs, aligned, chunks)
    assert sorted(one for batch in batches(found, 2, random.Random(0)) for one in batch) == sorted(found)
    letters, said, lengths, right = tensors(found, len(chunks))
    assert letters.shape == said.shape == right.shape == (3, 3) and lengths.tolist() == [2, 3, 1]
    assert right[2].tolist()[1:] == [-100, -100] and (said[:, 0] == len(chunks)).all()


def test_rare_chunks_are_left_out():
    aligned = [(("AE1",), ("B",))] * 5 + [(("AE1",), ("K", "S")), None]
    assert common_chunks(aligned) == [("AE1",), ("B",)]
    assert examples([("ax", ("AE1", "K", "S"))], [aligned[5]], common_chunks(aligned)) == []
    assert math.isinf(Plan(1, 1.0).end)
