"""What trainers leave beside the weights, as torch.save writes it: never a reason to refuse the weights."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from vocolab.checkpoints import read_checkpoint


def trained() -> tuple[torch.optim.Optimizer, torch.optim.lr_scheduler.LRScheduler]:
    """An optimizer that has taken a step, so that it keeps a state under each of its parameters, and its scheduler."""
    parameter = torch.nn.Parameter(torch.ones(3))
    optimizer = torch.optim.AdamW([parameter], lr=1e-3)
    parameter.sum().backward()
    optimizer.step()
    return optimizer, torch.optim.lr_scheduler.ExponentialLR(optimizer, 0.9)


def leftovers() -> dict[str, Any]:
    optimizer, scheduler = trained()
    return {
        "an optimizer": optimizer, "its state": optimizer.state_dict(), "a scheduler": scheduler,
        "a loss": torch.nn.L1Loss(), "a state of random": random.getstate(), "a state of numpy": np.random.get_state(),
        "a generator of numpy": np.random.default_rng(1), "a state of torch": torch.get_rng_state(),
        "an array of objects": np.array([1, "a", None], dtype=object), "complex numbers": torch.ones(2) * 1j,
        "a sparse tensor": torch.eye(2).to_sparse(),
    }


@pytest.mark.parametrize("zipped", [True, False])
@pytest.mark.parametrize("name", leftovers())
def test_leftovers_do_not_keep_anybody_from_the_weights(name: str, zipped: bool, tmp_path: Path) -> None:
    content = {"generator": {"conv.weight": torch.arange(4.0)}, "extra": leftovers()[name]}
    torch.save(content, tmp_path / "g_1", _use_new_zipfile_serialization=zipped)
    torch.testing.assert_close(read_checkpoint(tmp_path / "g_1")["generator"]["conv.weight"], torch.arange(4.0))
