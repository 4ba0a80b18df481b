"""Each kind of training learns one segment by heart, in less than a minute, and no other segment as well as that."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from jobs import SLIM, SMALL_HIFIGAN, SMALL_VOCOS
from numpy.typing import NDArray
from torch import Tensor

from vocolab.audio import Audio
from vocolab.catalog import Catalog
from vocolab.errors import UnknownName
from vocolab.mels.conventions import convention
from vocolab.mels.extract import extract
from vocolab.options import Options
from vocolab.plugins.host import PluginHost
from vocolab.plugins.targets import load_target
from vocolab.training.corpus import Corpus
from vocolab.training.interfaces import TrainingData
from vocolab.training.recipe import recipe_from
from vocolab.training.session import TrainingJob
from vocolab.training.tasks.task import SegmentBatch
from vocolab.training.trainer import Trainer
from vocolab_vocos import training as vocos
from vocolab_vocos.vocoder import Vocos

pytestmark = pytest.mark.slow

CATALOG = Catalog(PluginHost(allow=frozenset()))

SMALL_BIGVGAN = {
    "resblock": "2", "upsample_rates": [8, 8, 4], "upsample_kernel_sizes": [16, 16, 8], "upsample_initial_channel": 32,
    "resblock_kernel_sizes": [3], "resblock_dilation_sizes": [[1, 2]],
}
SMALL_DIFFWAVE = {
    "residual_layers": 2, "residual_channels": 64, "dilation_cycle_length": 2, "embedding_channels": 32,
    "conditioner_channels": 64, "samples_per_group": 256, "fold": "mdct", "prior": "mel", "predict": "audio",
    "noise_schedule": "cosine", "sampler": "ancestral", "sampler_steps": 4, "mel_offset": -6.0, "mel_scale": 2.0,
    "objective": {"spectral": 0.3},
}
SMALL_WAVEGLOW = {
    "n_flows": 3, "n_group": 64, "n_layers": 2, "n_channels": 64, "n_early_every": 4, "upsample_kernel_samples": 512,
    "conditioning_channels": 64, "conditioning_layers": 2, "energy_prior": "mel", "mel_offset": -6.0, "mel_scale": 2.0,
    "objective": {"spectral_share": 0.0},
}


class OneBatch:
    """A source of which every step sees what the first one saw."""

    summary = ""

    def __init__(self, inner: TrainingData) -> None:
        self.inner = inner
        self.batch, self.validate, self.score = inner.batch, inner.validate, inner.score

    def draw(self, step: int, size: int, share: range) -> Any:
        return self.inner.draw(0, size, share)


@dataclass
class Overfitted:
    """A trainer that took all of its steps on one batch, the figures of each, and a batch that it never saw."""

    trainer: Trainer
    records: list[dict[str, float]]
    unseen: SegmentBatch

    def fall(self, figure: str = "loss") -> float:
        """Where a figure ends, over where it began; means of five steps."""
        values = [record[figure] for record in self.records if figure in record]
        return sum(values[-5:]) / sum(values[:5])

    def apart(self, batch: SegmentBatch, teacher: Vocos | None = None) -> float:
        """Mean distance of the rendering's mel from the mel of the recording, or of the teacher's audio."""
        self.trainer.network.eval()
        with torch.no_grad():
            rendered = self.trainer.trainable.render(self.trainer.network, batch.mel)
            wanted = batch.audio if teacher is None else teacher.network(batch.mel)
        return float(np.abs(mel_of(rendered) - mel_of(wanted)).mean())

    @property
    def seen(self) -> SegmentBatch:
        return self.trainer.batches.of(0)[0]


def mel_of(audio: Tensor) -> NDArray[np.float32]:
    """Of a batch of one."""
    return extract(Audio(audio.float().numpy(), 22_050), convention("hifigan-22k")).values


def overfit(vocoder: str, model: dict[str, Any], folder: Path, corpus: Corpus, steps: int, **tables: Any
            ) -> Overfitted:
    """What comes of training on one segment of one clip."""
    try:
        entry = CATALOG.vocoders.get(vocoder)
    except UnknownName:
        pytest.skip(f"there is no {vocoder}")
    if not entry.spec.trainer:
        pytest.skip(f"{vocoder} has no trainer")
    teacher = tables.pop("teacher", None)
    document = {
        "model": model, "seed": 1, "data": {"rate_share": 0.0, "gain_db": [0.0, 0.0]},
        "optimizer": {"steps": steps, "batch": 1, "segment_frames": 16, "learning_rate": 5e-3, "warmup_steps": 5},
        "validation": {"every_steps": 10_000, "clips": 1, "samples": 0}, "checkpoints": {"every_steps": 10_000},
        "log": {"every_steps": 1, "tensorboard": False}, **tables,
    }
    job = TrainingJob(vocoder, load_target(entry, "trainer"), recipe_from(document, "recipe"), folder, teacher=teacher)
    unseen = job.trainer(only(corpus, 1)).batches.of(0)[0]
    trainer = job.trainer(only(corpus, 0))
    trainer.batches.source = OneBatch(trainer.batches.source)
    records: list[dict[str, float]] = []
    trainer.train(records.append, until=steps - 1)
    return Overfitted(trainer, records, unseen)


def only(corpus: Corpus, index: int) -> Corpus:
    clip = corpus.train[index : index + 1]
    return Corpus(clip, clip, [])


# Limits are a third and more above what was measured. Of the segment that it never saw, such a network renders a mel
# that is 0.6 to 0.7 off.
@pytest.mark.parametrize(
    ("vocoder", "model", "steps", "loss", "mel"),
    [
        ("vocos", SMALL_VOCOS, 320, 0.17, 0.25),
        ("hifigan", SMALL_HIFIGAN, 320, 0.3, 0.42),
        ("bigvgan", SMALL_BIGVGAN, 240, 0.22, 0.52),
    ],
)
def test_spectral(
    vocoder: str, model: dict[str, Any], steps: int, loss: float, mel: float, corpus: Corpus, tmp_path: Path
) -> None:
    run = overfit(vocoder, model, tmp_path, corpus, steps)
    assert run.fall() < loss
    assert run.apart(run.seen) < mel
    assert run.apart(run.seen) < 0.75 * run.apart(run.unseen)


def test_a_diffusion(corpus: Corpus, tmp_path: Path) -> None:
    run = overfit("diffwave", SMALL_DIFFWAVE, tmp_path, corpus, 320)
    assert run.fall() < 0.22
    assert run.apart(run.seen) < 0.48
    assert run.apart(run.seen) < 0.75 * run.apart(run.unseen)


def test_a_flow(corpus: Corpus, tmp_path: Path) -> None:
    """A likelihood has no zero: the segment's gains 2.5 nats a sample, and leaves another's far behind."""
    run = overfit("waveglow", SMALL_WAVEGLOW, tmp_path, corpus, 240)
    with torch.no_grad():
        seen, unseen = (float(run.trainer.task.loss(batch)[0]) for batch in (run.seen, run.unseen))
    assert seen < run.records[0]["loss"] - 2.5
    assert seen < unseen - 2.5


def test_adversarial(corpus: Corpus, tmp_path: Path) -> None:
    run = overfit("vocos", SMALL_VOCOS, tmp_path, corpus, 180, adversarial=SLIM,
                  loss={"mel": 0.0, "stft": 0.0, "mel_l1": 45.0})
    assert run.fall("mel_l1") < 0.26
    assert run.apart(run.seen) < 0.5
    assert run.apart(run.seen) < 0.7 * run.apart(run.unseen)
    assert run.fall("discriminator") < 0.6


def test_distilled(corpus: Corpus, tmp_path: Path) -> None:
    """The teacher's waveform is decided by the mel, phase and all: nothing of it is left to miss."""
    torch.manual_seed(5)
    trained = vocos.build(dict(SMALL_VOCOS), convention("hifigan-22k"))
    teacher = Vocos(Options(), trained.export(trained.network.state_dict()))
    run = overfit("vocos", SMALL_VOCOS, tmp_path, corpus, 320, teacher=teacher, distill={"voice": "teacher"})
    assert run.fall("loss") < 0.02
    assert run.fall("complex") < 0.02
    assert run.apart(run.seen, teacher) < 0.02
    assert run.apart(run.seen, teacher) < 0.2 * run.apart(run.unseen, teacher)
