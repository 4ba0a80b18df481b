"""Small checkpoints that ask for any amount of work: each is refused within a stated bound."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from bounded import bounded
from pickle_bombs import BOMBS

from vocolab.checkpoints import read_checkpoint
from vocolab.errors import CheckpointError
from vocolab.torch_files.limits import MOST_EQUAL_HASHES, MOST_MADE_BYTES, Budget, Keys, shown


@pytest.mark.parametrize("case", BOMBS)
def test_a_bomb_is_refused_within_its_bounds(case: str, tmp_path: Path) -> None:
    """At most what the budget allows, twice (Python's own overhead), and 20 s of a processor."""
    path = tmp_path / "m.ckpt"
    path.write_bytes(BOMBS[case])
    outcome = bounded(lambda: read_checkpoint(path), more_bytes=2 * MOST_MADE_BYTES)
    assert outcome.killed_by == 0
    assert isinstance(outcome.error, CheckpointError), outcome
    assert "\n" not in str(outcome.error)
    assert len(str(outcome.error)) < 600


def test_a_budget_ends() -> None:
    budget = Budget()
    budget.take(MOST_MADE_BYTES)
    with pytest.raises(ValueError, match="makes more than"):
        budget.take(1)


def test_keys_of_one_hash_are_counted_by_table() -> None:
    keys = Keys()
    equal = [k * (2**61 - 1) for k in range(1, MOST_EQUAL_HASHES + 1)]
    keys.check(1, equal)
    keys.check(2, equal)
    with pytest.raises(ValueError, match="one hash"):
        keys.check(1, [-(2**61 - 1) * 7])


def test_what_real_checkpoints_have_for_keys_passes() -> None:
    Keys().check(1, [*range(100_000), "name", None, True, 0.5, b"x", ("a", 1), (("a", "b"), frozenset({1, 2})), 2**80])


def test_a_value_in_a_message_is_short() -> None:
    value: tuple[object, ...] = (1,)
    for _ in range(60):
        value = (value, value)
    assert len(shown(value)) <= 100


@pytest.mark.parametrize("new_format", [True, False])
def test_parts_of_one_storage_stay_what_they_are(new_format: bool, tmp_path: Path) -> None:
    """Views of one storage, at odd addresses in the old format: each is read, and only its own part copied."""
    whole = torch.arange(5_000, dtype=torch.float64)
    views = {str(k): whole[k * 100 : (k + 1) * 100 : 2].reshape(5, 10).T for k in range(50)}
    torch.save(views, tmp_path / "v.pt", _use_new_zipfile_serialization=new_format)
    content = read_checkpoint(tmp_path / "v.pt")
    for name, view in views.items():
        assert torch.equal(content[name], view)
