"""The promises of every vocoder, and the sizes."""

from __future__ import annotations

import pytest
from harmonic_fakes import SMALL, small_voice

from vocolab.mels.conventions import convention
from vocolab_harmonic.config import HarmonicConfig
from vocolab_harmonic.network import HarmonicGenerator
from vocolab_harmonic.sizes import sizes


@pytest.mark.parametrize("name", ["hifigan-22k", "studio-48k"])
@pytest.mark.parametrize("config", [{}, SMALL])
def test_the_parameters_are_those_of_the_network(name: str, config: dict[str, int]) -> None:
    spec = convention(name)
    network = HarmonicGenerator(HarmonicConfig(**config), spec)
    assert sizes(config, spec).parameters == sum(parameter.numel() for parameter in network.parameters())


def test_a_voice_states_its_architecture() -> None:
    assert HarmonicConfig(**small_voice().config).dim == 16
