"""What WaveGlow's layout is worth, and the memory of a chunk.

    python benchmarks/waveglow.py [--channels 256] [--frames 40] [--runs 3] [--threads 1]
    python benchmarks/waveglow.py --memory [--flows 12]

The first prints the CPU time of the published way (the conditioning of all layers at once, added layer by layer) beside
vocolab's (every layer's share added by the product that computes it), for the same weights and noise, and the largest
difference. The second renders one chunk
of the length that the Renderer takes and prints the peak of resident memory; its activations do not depend on how many
flows there are, so fewer can be measured where the whole takes too long. Weights are random and used for nothing else.
"""

from __future__ import annotations

import argparse
import resource
import time

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from vocolab.mels.conventions import convention
from vocolab.networks.weights import network_tensors
from vocolab.rendering import Renderer
from vocolab.voice import Voice
from vocolab_waveglow.config import WaveGlowConfig
from vocolab_waveglow.network import WaveGlow
from vocolab_waveglow.options import WaveGlowOptions
from vocolab_waveglow.sizes import context_frames
from vocolab_waveglow.vocoder import WaveGlowVocoder

SPEC = convention("tacotron2-22k")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--channels", type=int, default=256)
    parser.add_argument("--flows", type=int, default=12)
    parser.add_argument("--frames", type=int, default=40)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--memory", action="store_true")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    torch.manual_seed(0)
    config = WaveGlowConfig(n_channels=arguments.channels, n_flows=arguments.flows)
    if arguments.memory:
        print_memory(config)
    else:
        print_speed(config, arguments.frames, arguments.runs)


@torch.inference_mode()
def print_speed(config: WaveGlowConfig, frames: int, runs: int) -> None:
    """CPU seconds of both ways, alternating, the least of the runs."""
    network = WaveGlow(config, SPEC).eval().keep_inverses()
    mel, noise = torch.randn(1, SPEC.n_mels, frames) - 6.0, 0.6 * torch.randn(1, frames * SPEC.hop_samples)
    plain_s, own_s, difference = [], [], 0.0
    for _ in range(runs):
        started = time.process_time()
        plain = published_way(network, mel, noise)
        plain_s.append(time.process_time() - started)
        started = time.process_time()
        own = network(mel, noise)
        own_s.append(time.process_time() - started)
        difference = max(difference, float((plain - own).abs().max() / plain.abs().max()))
    audio_s = frames * SPEC.hop_samples / SPEC.sample_rate
    print(f"{config.n_channels} channels, {audio_s:.2f} s of audio, CPU seconds a second of audio:")
    print(f"published way {min(plain_s) / audio_s:.2f}, vocolab {min(own_s) / audio_s:.2f}, "
          f"{min(plain_s) / min(own_s):.2f} times faster, largest difference {difference:.1e} of the peak")


def published_way(network: WaveGlow, mel: Tensor, noise: Tensor) -> Tensor:
    """The same rendering by the layers of the published model, each on its own."""
    config, group = network.config, network.config.n_group
    upsampled = F.conv_transpose1d(mel, network.upsample.weight, network.upsample.bias, stride=SPEC.hop_samples)
    upsampled = upsampled[..., : noise.shape[1]].unfold(2, group, group)
    conditioning = upsampled.permute(0, 2, 1, 3).flatten(2).transpose(1, 2)  # (B, M, G, n) -> (B, M * n, G)
    drawn = noise.reshape(1, -1, group).transpose(1, 2)
    channels = config.channels()
    first = group - channels[-1]
    x = drawn[:, first:]
    for flow in reversed(range(config.n_flows)):
        known, other = x.chunk(2, dim=1)
        offset, log_scale = published_coupling(network.WN[flow], known, conditioning)
        x = torch.cat([known, (other - offset) / log_scale.exp()], dim=1)
        x = F.conv1d(x, network.convinv[flow].inverse)
        if flow and flow % config.n_early_every == 0:
            x = torch.cat([drawn[:, first - config.n_early_size : first], x], dim=1)
            first -= config.n_early_size
    return x.transpose(1, 2).flatten(1)


def published_coupling(coupling: torch.nn.Module, x: Tensor, conditioning: Tensor) -> tuple[Tensor, Tensor]:
    """The coupling network layer by layer; the conditioning of all layers at once."""
    width, layers = coupling.width, coupling.n_layers
    x = coupling.start(x)
    conditioned = coupling.cond_layer(conditioning)
    output = torch.zeros_like(x)
    for layer in range(layers):
        conv = coupling.in_layers[layer]
        dilation, taps = conv.dilation[0], conv.kernel_size[0]
        mixed = F.conv1d(x, conv.weight, conv.bias, padding=dilation * (taps - 1) // 2, dilation=dilation)
        mixed = mixed + conditioned[:, 2 * width * layer : 2 * width * (layer + 1)]
        added = coupling.res_skip_layers[layer](torch.tanh(mixed[:, :width]) * torch.sigmoid(mixed[:, width:]))
        if layer < layers - 1:
            x = x + added[:, :width]
            added = added[:, width:]
        output = output + added
    offset, log_scale = coupling.end(output).chunk(2, dim=1)
    return offset, log_scale


def print_memory(config: WaveGlowConfig) -> None:
    """Render the middle chunk of a long mel and print the peak before, with the weights loaded, and after."""
    start_mb = peak_mb()
    voice = Voice("waveglow", config.model_dump(), SPEC, network_tensors(WaveGlow(config, SPEC)))
    made = WaveGlowVocoder(WaveGlowOptions(), voice)
    loaded_mb = peak_mb()
    # The chunk of the whole model, however many flows are measured.
    context = context_frames(config.model_copy(update={"n_flows": 12}), SPEC)
    made.context_frames = context
    renderer = Renderer(made)
    frames = context + renderer.chunk_frames + context
    first_frame = renderer.chunk_frames - context  # of the second chunk
    made.render(np.full((SPEC.n_mels, frames), -6.0, np.float32), first_frame=first_frame)
    weights_mb = voice.parameters * 4 / 1e6
    sizes = f"{config.n_flows} flows of {config.n_channels} channels, {weights_mb:.0f} MB of weights"
    print(f"{sizes}, a chunk of {frames} frames")
    print(f"peak: {start_mb:.0f} MB with torch, {loaded_mb:.0f} MB when loaded, {peak_mb():.0f} MB when rendered")


def peak_mb() -> float:
    """Largest resident set so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
