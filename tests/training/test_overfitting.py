"""Each kind of training brings its loss down on one clip, in less than a minute."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from jobs import SLIM, SMALL_HIFIGAN, SMALL_VOCOS

from vocolab.catalog import Catalog
from vocolab.errors import UnknownName
from vocolab.host import PluginHost
from vocolab.mels.conventions import convention
from vocolab.options import Options
from vocolab.targets import load_target
from vocolab.training.corpus import Corpus
from vocolab.training.recipe import recipe_from
from vocolab.training.session import TrainingJob
from vocolab_vocos import training as vocos
from vocolab_vocos.vocoder import Vocos

pytestmark = pytest.mark.slow

CATALOG = Catalog(PluginHost(allow=frozenset()))

SMALL_BIGVGAN = {
    "resblock": "2", "upsample_rates": [8, 8, 4], "upsample_kernel_sizes": [16, 16, 8], "upsample_initial_channel": 16,
    "resblock_kernel_sizes": [3], "resblock_dilation_sizes": [[1, 2]],
}
SMALL_DIFFWAVE = {"residual_layers": 3, "residual_channels": 16, "dilation_cycle_length": 3, "embedding_channels": 32}
SMALL_WAVEGLOW = {
    "n_flows": 2, "n_group": 16, "n_layers": 2, "n_channels": 32, "n_early_every": 4, "upsample_kernel_samples": 512,
}


def overfit(vocoder: str, model: dict[str, Any], folder: Path, corpus: Corpus, steps: int, **tables: Any
            ) -> list[dict[str, float]]:
    """The figures of all steps of a run on one clip."""
    try:
        entry = CATALOG.vocoders.get(vocoder)
    except UnknownName:
        pytest.skip(f"there is no {vocoder}")
    if not entry.spec.trainer:
        pytest.skip(f"{vocoder} has no trainer")
    teacher = tables.pop("teacher", None)
    document = {
        "model": model, "seed": 1, "data": {"rate_share": 0.0, "gain_db": [0.0, 0.0]},
        "optimizer": {"steps": steps, "batch": 2, "segment_frames": 16, "learning_rate": 2e-3, "warmup_steps": 5},
        "validation": {"every_steps": 10_000, "clips": 1, "samples": 0}, "checkpoints": {"every_steps": 10_000},
        "log": {"every_steps": 1, "tensorboard": False}, **tables,
    }
    one = Corpus(corpus.train[:1], corpus.train[:1], [])
    job = TrainingJob(vocoder, load_target(entry, "trainer"), recipe_from(document, "recipe"), folder, teacher=teacher)
    records: list[dict[str, float]] = []
    job.trainer(one).train(records.append, until=steps - 1)
    return records


def fall(records: list[dict[str, float]], figure: str) -> float:
    """Where a figure ends, over where it began; means of five steps."""
    values = [record[figure] for record in records if figure in record]
    return sum(values[-5:]) / sum(values[:5])


@pytest.mark.parametrize(
    ("vocoder", "model"), [("vocos", SMALL_VOCOS), ("hifigan", SMALL_HIFIGAN), ("bigvgan", SMALL_BIGVGAN)]
)
def test_spectral(vocoder: str, model: dict[str, Any], corpus: Corpus, tmp_path: Path) -> None:
    assert fall(overfit(vocoder, model, tmp_path, corpus, 120), "loss") < 0.55


def test_a_diffusion(corpus: Corpus, tmp_path: Path) -> None:
    assert fall(overfit("diffwave", SMALL_DIFFWAVE, tmp_path, corpus, 100), "loss") < 0.6


def test_a_flow(corpus: Corpus, tmp_path: Path) -> None:
    """The likelihood has no zero: it has to gain half a nat a sample."""
    records = overfit("waveglow", SMALL_WAVEGLOW, tmp_path, corpus, 40)
    assert records[-1]["loss"] < records[0]["loss"] - 0.5


def test_adversarial(corpus: Corpus, tmp_path: Path) -> None:
    records = overfit("vocos", SMALL_VOCOS, tmp_path, corpus, 60, adversarial=SLIM, loss={
        "mel": 0.0, "stft": 0.0, "mel_l1": 45.0})
    assert fall(records, "mel_l1") < 0.6
    assert records[-1]["discriminator"] < 1.1 * records[0]["discriminator"]


def test_distilled(corpus: Corpus, tmp_path: Path) -> None:
    torch.manual_seed(5)
    trained = vocos.build(dict(SMALL_VOCOS), convention("hifigan-22k"))
    teacher = Vocos(Options(), trained.export(trained.network.state_dict()))
    records = overfit("vocos", SMALL_VOCOS, tmp_path, corpus, 80, teacher=teacher, distill={"voice": "teacher"})
    assert fall(records, "complex") < 0.7
