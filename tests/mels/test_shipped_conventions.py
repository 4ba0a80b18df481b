"""The conventions inside keep the contract that vocolab asks of others."""

from __future__ import annotations

from pathlib import Path

import pytest

from vocolab.mels.conventions import convention
from vocolab.plugins.specs import MelConventionSource
from vocolab.testing.conventions import MelConventionContract
from vocolab_conventions import plugin


class TestShipped(MelConventionContract):
    source = next(iter(plugin.vocolab_mel_conventions()))


def test_the_contract_finds_a_slip(tmp_path: Path) -> None:
    text = convention("hifigan-22k").to_toml()
    contract = type("Made", (MelConventionContract,), {"source": MelConventionSource(folder=tmp_path)})()
    with pytest.raises(AssertionError, match=r"there is no NAME.toml"):
        contract.test_there_are_conventions()
    (tmp_path / "mine.toml").write_text(text.replace("1024", "256"), encoding="utf-8")
    contract.test_most_bands_hold_a_bin()
    (tmp_path / "mine.toml").write_text(text.replace("1024", "256").replace("= 80\n", "= 800\n"), encoding="utf-8")
    with pytest.raises(AssertionError, match="of the bands hold no bin"):
        contract.test_most_bands_hold_a_bin()
    with pytest.raises(AssertionError, match="no family"):
        contract.test_each_says_what_it_is()
