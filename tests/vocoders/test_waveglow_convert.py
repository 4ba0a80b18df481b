"""Published WaveGlow checkpoints, in every spelling, become voices that render what the checkpoint does."""

from __future__ import annotations

import sys
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from vocolab.checkpoints import Conversion, open_checkpoint
from vocolab.errors import CheckpointError
from vocolab.mels.conventions import convention
from vocolab_waveglow.config import WaveGlowConfig
from vocolab_waveglow.convert import convert, recognise
from vocolab_waveglow.network import WaveGlow
from vocolab_waveglow.options import WaveGlowOptions
from vocolab_waveglow.vocoder import WaveGlowVocoder

SAME_AUDIO = 1e-6
WIDTH, LAYERS = 6, 3
CONFIG = WaveGlowConfig(n_flows=4, n_early_every=2, n_layers=LAYERS, n_channels=WIDTH)
SPEC = convention("tacotron2-22k")
MEL = np.random.default_rng(1).normal(-5, 2, (80, 6)).astype(np.float32)

State = dict[str, Tensor]


def network(coupling: str = "second half") -> WaveGlow:
    torch.manual_seed(6)
    made = WaveGlow(CONFIG.model_copy(update={"coupling": coupling}), SPEC).requires_grad_(False)
    for coupling in made.WN:
        assert isinstance(coupling.end, nn.Conv1d)
        coupling.end.weight.mul_(0.3)
    return made


def expected(coupling: str = "second half") -> np.ndarray:
    from vocolab.networks.noise import gaussian

    noise = torch.from_numpy(gaussian(2, 0, 6 * 256))[None]
    audio: np.ndarray = network(coupling)(torch.from_numpy(MEL)[None], 0.6 * noise)[0].numpy()
    return audio


def with_weight_norm(state: State, gain: str = "weight_g", direction: str = "weight_v") -> State:
    """Every convolution of the coupling networks but the last, as the published code keeps them."""
    spelled: State = {}
    for name, tensor in state.items():
        if name.startswith("WN.") and name.endswith(".weight") and ".end." not in name:
            base = name.removesuffix("weight")
            spelled[base + gain] = tensor.flatten(1).norm(dim=1)[:, None, None]
            spelled[base + direction] = 3.0 * tensor
        else:
            spelled[name] = tensor
    return spelled


def old_layers(state: State) -> State:
    """The spelling of the first releases: one conditioning a layer, residual and skip rows apart."""
    spelled: State = {}
    for name, tensor in state.items():
        if ".cond_layer." in name:
            head, leaf = name.split(".cond_layer.")
            for layer, rows in enumerate(tensor.chunk(LAYERS)):
                spelled[f"{head}.cond_layers.{layer}.{leaf}"] = rows.clone()
        elif ".res_skip_layers." in name:
            head, rest = name.split(".res_skip_layers.")
            if not rest.startswith(f"{LAYERS - 1}."):
                spelled[f"{head}.res_layers.{rest}"] = tensor[:WIDTH].clone()
                tensor = tensor[WIDTH:]
            spelled[f"{head}.skip_layers.{rest}"] = tensor.clone()
        else:
            spelled[name] = tensor
    return spelled


def nemo(state: State) -> State:
    renamed = {f"waveglow.{name.replace('WN.', 'wavenet.')}": tensor for name, tensor in state.items()}
    for flow in range(CONFIG.n_flows):
        weight = state[f"convinv.{flow}.conv.weight"]
        renamed[f"waveglow.convinv.{flow}.inv_conv.weight"] = torch.linalg.inv(weight[..., 0])[..., None]
    return {**renamed, "audio_to_melspec_precessor.featurizer.window": torch.zeros(4)}


NGC_CONFIG = {
    "n_mel_channels": 80, "n_flows": 4, "n_group": 8, "n_early_every": 2, "n_early_size": 2,
    "WN_config": {"n_layers": LAYERS, "n_channels": WIDTH, "kernel_size": 3},
}  # fmt: skip
SPELLINGS: dict[str, tuple[Callable[[State], Any], str]] = {
    "folded": (lambda s: s, "state dict, weight norm folded"),
    "weight norm": (lambda s: {"state_dict": with_weight_norm(s)}, "weight_g"),
    "parametrized": (
        lambda s: with_weight_norm(s, "parametrizations.weight.original0", "parametrizations.weight.original1"),
        "parametrizations",
    ),
    "ngc": (
        lambda s: {"state_dict": {f"module.{n}": t for n, t in with_weight_norm(s).items()}, "config": NGC_CONFIG},
        "prefixes of NGC",
    ),
    "ngc, doubly wrapped": (lambda s: {"state_dict": {f"module.1.{n}": t for n, t in s.items()}}, "prefixes of NGC"),
    "compiled": (lambda s: {f"_orig_mod.{n}": t for n, t in s.items()}, "state dict, weight norm folded"),
    "nemo": (nemo, "NeMo"),
}
OLD_SPELLINGS: dict[str, tuple[Callable[[State], Any], str]] = {
    "first releases": (lambda s: {"model": old_layers(s)}, "layers of the first releases"),
    "first releases, weight norm": (lambda s: with_weight_norm(old_layers(s)), "layers of the first releases"),
}


def converted(path: Path, content: Any, layout: str | None = None) -> Conversion:
    torch.save(content, path)
    checkpoint = open_checkpoint(path, layout=layout)
    conversion = convert(checkpoint, None)
    assert recognise(checkpoint) == conversion.layout
    return conversion


def assert_same_audio(conversion: Conversion, coupling: str = "second half") -> None:
    rendered = WaveGlowVocoder(WaveGlowOptions(sigma=0.6), conversion.voice).render(MEL, seed=2)
    np.testing.assert_allclose(rendered, expected(coupling), atol=SAME_AUDIO, rtol=0)


@pytest.mark.parametrize("name", SPELLINGS)
def test_every_spelling_renders_the_same(name: str, tmp_path: Path) -> None:
    spell, layout = SPELLINGS[name]
    conversion = converted(tmp_path / "waveglow.pt", spell(network().state_dict()))
    assert layout in conversion.layout
    assert "tacotron2-22k was assumed" in conversion.assumptions[0]
    assert conversion.voice.mel_spec == SPEC
    assert_same_audio(conversion)


@pytest.mark.parametrize("name", OLD_SPELLINGS)
@pytest.mark.parametrize(("layout", "coupling"), [("glow", "second half"), ("glow_old", "halves in turn")])
def test_layers_of_the_first_releases_have_two_readings(name: str, layout: str, coupling: str, tmp_path: Path) -> None:
    spell, words = OLD_SPELLINGS[name]
    content = spell(network().state_dict())
    with pytest.raises(CheckpointError, match=r"the weights don't tell: give --layout glow or --layout glow_old"):
        converted(tmp_path / "waveglow.pt", content)
    conversion = converted(tmp_path / "waveglow.pt", content, layout)
    assert words in conversion.layout
    assert_same_audio(conversion, coupling)


def test_an_unknown_layout_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match="no layout 'squeezed'; it has glow and glow_old"):
        converted(tmp_path / "waveglow.pt", network().state_dict(), "squeezed")


def published_class(module: str) -> type[nn.Module]:
    """A class with the name that the published checkpoints are pickled under."""
    made = type("WaveGlow", (nn.Module,), {"__module__": module})
    sys.modules[module].WaveGlow = made  # type: ignore[attr-defined]
    return made


@pytest.mark.parametrize(("module", "coupling"), [("glow", "second half"), ("glow_old", "halves in turn")])
def test_the_official_pickled_module(module: str, coupling: str, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, module, types.ModuleType(module))
    official = published_class(module)()
    plain = network()
    official.upsample = nn.ConvTranspose1d(80, 80, 1024, stride=256)
    official.upsample.load_state_dict(plain.upsample.state_dict())
    official.n_flows, official.n_group, official.n_early_every, official.n_early_size = 4, 8, 2, 2
    official.WN, official.convinv = _torch_modules(plain.WN), _torch_modules(plain.convinv)
    torch.save({"model": official, "iteration": 580000, "learning_rate": 1e-4}, tmp_path / "waveglow.pt")
    del sys.modules[module]
    checkpoint = open_checkpoint(tmp_path / "waveglow.pt")
    assert module not in sys.modules
    conversion = convert(checkpoint, None)
    assert f"pickled module {module}.WaveGlow" in conversion.layout
    assert_same_audio(conversion, coupling)


def _torch_modules(modules: nn.ModuleList) -> nn.ModuleList:
    """The same parameters in torch's own containers: the class that keeps them is what the reader must not need."""
    holders = nn.ModuleList()
    for module in modules:
        holder = nn.Module()
        for name, child in module.named_children():
            holder.add_module(name, child)
        holders.append(holder)
    return holders


def test_a_data_config_says_what_the_mels_were(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(
        '{"waveglow_config": {"n_flows": 4, "WN_config": {"n_channels": 6}}, "data_config": {"sampling_rate": 16000, '
        '"filter_length": 1024, "hop_length": 256, "win_length": 1024, "mel_fmin": 50.0, "mel_fmax": 7600.0}}'
    )
    conversion = converted(tmp_path / "waveglow.pt", network().state_dict())
    spec = conversion.voice.mel_spec
    assert (spec.sample_rate, spec.fmin_hz, spec.fmax_hz) == (16000, 50.0, 7600.0)
    assert "data_config" in conversion.assumptions[0]


def test_a_config_of_another_width_is_refused(tmp_path: Path) -> None:
    wider = {**NGC_CONFIG, "WN_config": {"n_layers": LAYERS, "n_channels": 512, "kernel_size": 3}}
    with pytest.raises(CheckpointError, match="n_channels is 6 in the weights and 512 in the config"):
        converted(tmp_path / "waveglow.pt", {"state_dict": network().state_dict(), "config": wider})


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_half_precision_is_read(dtype: torch.dtype, tmp_path: Path) -> None:
    state = {name: tensor.to(dtype) for name, tensor in network().state_dict().items()}
    voice = converted(tmp_path / "waveglow.pt", state).voice
    assert {tensor.dtype for tensor in voice.tensors.values()} == {np.dtype(np.float32)}
    np.testing.assert_array_equal(voice.tensors["upsample.weight"], state["upsample.weight"].float().numpy())


HOSTILE: dict[str, tuple[Callable[[State], State], str]] = {
    "no last mixing": (
        lambda s: {n: t for n, t in s.items() if n != "convinv.3.conv.weight"}, r"lacks convinv\.3\.conv\.weight",
    ),
    "missing": (lambda s: {n: t for n, t in s.items() if n != "WN.2.end.bias"}, r"lacks WN\.2\.end\.bias"),
    "unknown": (lambda s: {**s, "WN.0.attention.weight": torch.zeros(3)}, r"has WN\.0\.attention\.weight"),
    "another shape": (lambda s: {**s, "WN.1.end.weight": torch.zeros(3, 3, 1)}, r"WN\.1\.end\.weight is \(3, 3, 1\)"),
    "a flow that grows": (
        lambda s: {**s, "convinv.3.conv.weight": torch.eye(20)[..., None]}, r"convinv\.3\.conv\.weight is \(20, 20, 1\)"
    ),
    "flat": (lambda s: {**s, "WN.0.start.weight": torch.zeros(6)}, "has 3 dimensions"),
    "no layer": (lambda s: {n: t for n, t in s.items() if "WN.0.in_layers" not in n}, r"lacks WN\.0\.in_layers\.0"),
    "an odd group": (lambda s: {**s, "convinv.0.conv.weight": torch.eye(7)[..., None]}, "n_group"),
    "no rows": (lambda s: {**s, "upsample.weight": torch.zeros(80, 80, 0)}, "upsample_kernel_samples"),
    "NaN": (lambda s: {**s, "WN.0.end.bias": torch.full((8,), torch.nan)}, "NaN"),
    "one of the old layers": (
        lambda s: {n: t for n, t in old_layers(s).items() if "WN.1.res_layers.0" not in n}, r"WN\.1 lacks"
    ),
    "old layers that differ": (
        lambda s: {**old_layers(s), "WN.1.cond_layers.0.weight": torch.zeros(2, 3, 1)}, "do not fit together"
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_what_does_not_fit_is_named(name: str, tmp_path: Path) -> None:
    spoil, message = HOSTILE[name]
    with pytest.raises(CheckpointError, match=message):
        converted(tmp_path / "waveglow.pt", spoil(network().state_dict()))


def test_a_convention_of_other_bands_is_refused(tmp_path: Path) -> None:
    torch.save(network().state_dict(), tmp_path / "waveglow.pt")
    with pytest.raises(CheckpointError, match="takes 80 mel bands, the convention has 100"):
        convert(open_checkpoint(tmp_path / "waveglow.pt"), convention("vocos-24k"))


def test_another_family_is_not_recognised(tmp_path: Path) -> None:
    torch.save({"generator": {"conv_pre.weight": torch.zeros(4, 80, 7)}}, tmp_path / "g_0")
    assert recognise(open_checkpoint(tmp_path / "g_0")) is None
