"""What the tests of training share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import torch
from fixtures_corpus import write_corpus

from vocolab.training.corpus import Corpus, read_corpus


@pytest.fixture(scope="session")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    return read_corpus(write_corpus(tmp_path_factory.mktemp("corpus") / "c"))


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """A step is bit-equal to itself with as many threads only."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)
