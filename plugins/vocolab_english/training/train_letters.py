"""Trains the network for unknown words on the CMU dictionary: `python -m vocolab_english.training.train_letters`.

One epoch is every pronunciation of the training families once. After each epoch everything is saved in the folder of
the run, so that a run that was stopped goes on; `evaluate_letters` measures a finished run and puts it into the plugin.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import re
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, TypeAlias

import numpy as np
import torch
from safetensors.numpy import save
from torch import Tensor, nn

from vocolab_english.dictionary import cmudict
from vocolab_english.training.alignment import Aligner, Chunks, Pair
from vocolab_english.training.families import families, part
from vocolab_english.training.letter_network import LetterNetwork

LETTERS = "'abcdefghijklmnopqrstuvwxyz"
RAREST_CHUNK = 5
"""Times that a chunk has to occur; words with a rarer one are left out."""
RUNS = Path.home() / ".cache" / "vocolab-runs" / "g2p"


_Parts: TypeAlias = dict[str, nn.Module | torch.optim.Optimizer]


class Example(NamedTuple):
    """One pronunciation of one word, in numbers."""

    letters: list[int]
    chunks: list[int]


def pairs_of(wanted: str) -> list[Pair]:
    """All pronunciations of the words of one part of the families: "training", "check" or "test"."""
    entries = {word: listed for word, listed in cmudict().items() if re.fullmatch(f"[{LETTERS}]+", word)}
    family = families(entries)
    return [(word, one) for word, listed in entries.items() if part(family[word]) == wanted for one in listed]


def common_chunks(aligned: list[Chunks | None]) -> list[tuple[str, ...]]:
    """The chunks that occur often enough, the most frequent first."""
    counts = Counter(chunk for chunks in aligned for chunk in chunks or ())
    return [chunk for chunk, count in counts.most_common() if count >= RAREST_CHUNK]


def examples(pairs: list[Pair], aligned: list[Chunks | None], chunks: list[tuple[str, ...]]) -> list[Example]:
    """The pairs whose chunks are all known, in numbers; letters count from 1."""
    numbers = {chunk: number for number, chunk in enumerate(chunks)}
    return [
        Example([1 + LETTERS.index(letter) for letter in word], [numbers[chunk] for chunk in made])
        for (word, _), made in zip(pairs, aligned, strict=True)
        if made is not None and all(chunk in numbers for chunk in made)
    ]


def batches(found: list[Example], size: int, chance: random.Random) -> Iterator[list[Example]]:
    """All examples once, in batches of words of about one length, in an order by chance."""
    ordered = sorted(found, key=lambda example: len(example.letters) + chance.random())
    cut = [ordered[start : start + size] for start in range(0, len(ordered), size)]
    chance.shuffle(cut)
    yield from cut


def tensors(batch: list[Example], start: int) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Letters, what was said before each, lengths and the right chunks; -100 where a word is over."""
    longest = max(len(example.letters) for example in batch)
    letters = torch.zeros(len(batch), longest, dtype=torch.long)
    said = torch.zeros(len(batch), longest, dtype=torch.long)
    right = torch.full((len(batch), longest), -100)
    for row, example in enumerate(batch):
        length = len(example.letters)
        letters[row, :length] = torch.tensor(example.letters)
        right[row, :length] = torch.tensor(example.chunks)
        said[row, :length] = torch.tensor([start, *example.chunks[:-1]])
    return letters, said, torch.tensor([len(example.letters) for example in batch]), right


def write_model(network: LetterNetwork, chunks: list[tuple[str, ...]], path: Path) -> None:
    """The weights in half precision, with letters and chunks, as the plugin reads them."""
    weights = {name: value.detach().numpy().astype(np.float16) for name, value in network.state_dict().items()}
    described = {"letters": LETTERS, "chunks": json.dumps([" ".join(chunk) for chunk in chunks])}
    path.write_bytes(save(weights, metadata=described))


class Plan(NamedTuple):
    """How the learning rate goes: up over the first tenth, then down to nothing along a cosine.

    A run that has to end sooner, after `end` epochs, goes down in a straight line from the epoch `cut` on.
    """

    epochs: int
    peak_rate: float
    cut: float = math.inf
    end: float = math.inf

    @property
    def last(self) -> int:
        """The number of epochs that are trained."""
        return int(min(self.epochs, self.end))

    def rate(self, epoch: float) -> float:
        """The learning rate so many epochs after the start."""
        rise, at = 0.1 * self.epochs, min(epoch, self.cut)
        if at < rise:
            planned = self.peak_rate * (0.04 + 0.96 * at / rise)
        else:
            planned = self.peak_rate * 0.5 * (1.0 + math.cos(math.pi * (at - rise) / (self.epochs - rise)))
        return planned if epoch <= self.cut else planned * (self.end - epoch) / (self.end - self.cut)


def prepared(run: Path) -> tuple[list[Example], list[tuple[str, ...]]]:
    """What is trained on, and the chunks; aligned once and kept in the folder of the run."""
    run.mkdir(parents=True, exist_ok=True)
    kept = run / "examples.json"
    if not kept.exists():
        pairs = pairs_of("training")
        aligned = Aligner(pairs).chunks()
        common = common_chunks(aligned)
        part_file = kept.with_suffix(".part")
        part_file.write_text(json.dumps([examples(pairs, aligned, common), common]), encoding="utf-8")
        part_file.replace(kept)
    found, chunks = json.loads(kept.read_text(encoding="utf-8"))
    return [Example(*one) for one in found], [tuple(chunk) for chunk in chunks]


def train(run: Path, plan: Plan, batch_size: int) -> None:
    """Train, or go on with, the run in a folder."""
    found, chunks = prepared(run)
    torch.manual_seed(0)
    network = LetterNetwork(1 + len(LETTERS), len(chunks))
    optimiser = torch.optim.AdamW(network.parameters(), lr=plan.peak_rate, weight_decay=0.01)
    parts: _Parts = {"network": network, "optimiser": optimiser}
    first = _resumed(run, parts)
    print(f"{len(found)} pronunciations, {len(chunks)} chunks, {first} of {plan.last} epochs done", flush=True)
    for epoch in range(first, plan.last):
        start = time.monotonic()
        shuffled = list(batches(found, batch_size, random.Random(epoch)))
        steps = [(plan.rate(epoch + n / len(shuffled)), batch) for n, batch in enumerate(shuffled)]
        loss = _epoch(network, optimiser, steps, len(chunks))
        torch.save({name: one.state_dict() for name, one in parts.items()} | {"epoch": epoch + 1}, run / "state.part")
        (run / "state.part").replace(run / "state.pt")
        write_model(network, chunks, run / "letters.safetensors")
        print(f"epoch {epoch + 1}: loss {loss:.4f}, {time.monotonic() - start:.0f} s", flush=True)


def _resumed(run: Path, parts: _Parts) -> int:
    if not (run / "state.pt").exists():
        return 0
    state = torch.load(run / "state.pt", weights_only=True)
    for name, one in parts.items():
        one.load_state_dict(state[name])
    return int(state["epoch"])


def _epoch(
    network: LetterNetwork, optimiser: torch.optim.Optimizer, steps: list[tuple[float, list[Example]]], start: int
) -> float:
    """One pass over all batches, each with its learning rate; the mean loss."""
    network.train()
    criterion = nn.CrossEntropyLoss(label_smoothing=0.05)
    losses = []
    for rate, batch in steps:
        for group in optimiser.param_groups:
            group["lr"] = rate
        letters, said, lengths, right = tensors(batch, start)
        loss = criterion(network(letters, said, lengths).flatten(0, 1), right.flatten())
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        losses.append(loss.item())
    return float(np.mean(losses))


def main() -> None:
    """Read the options and train."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", type=Path, default=RUNS, help="folder of checkpoints")
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--cut", type=float, default=math.inf, help="epoch from which the run goes straight to its end")
    parser.add_argument("--end", type=float, default=math.inf, help="with --cut: the epoch after which it ends")
    parser.add_argument("--batch-size", type=int, default=160)
    parser.add_argument("--peak-rate", type=float, default=3e-3)
    options = parser.parse_args()
    if math.isinf(options.cut) != math.isinf(options.end) or options.end <= options.cut < math.inf:
        parser.error("--cut and --end belong together, and the end is later")
    torch.set_num_threads(1)
    train(options.run, Plan(options.epochs, options.peak_rate, options.cut, options.end), options.batch_size)


if __name__ == "__main__":
    main()
