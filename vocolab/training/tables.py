"""The tables of a recipe, each with its keys, ranges and defaults."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, field_validator
from pydantic_core import PydanticCustomError

from vocolab.options import Options

_Rate = Annotated[float, Field(ge=0.25, le=4.0)]
_GainDb = Annotated[float, Field(ge=-120.0, le=60.0)]
_Hertz = Annotated[float, Field(ge=50.0, le=192_000.0)]
_Beta = Annotated[float, Field(ge=0.0, lt=1.0)]
_NFft = Annotated[int, Field(ge=16, le=65_536)]
_Period = Annotated[int, Field(ge=1, le=1024)]


class DataOptions(Options):
    """Which audio is cut into segments, and how it is varied. Segments of given mels are not varied."""

    gain_db: tuple[_GainDb, _GainDb] = Field((-8.0, 10.0), description="Random gain; never above full scale.")
    rate: tuple[_Rate, _Rate] = Field((0.8, 1.25), description="Range of the playback rate, pitch and tempo alike.")
    rate_share: float = Field(0.5, ge=0.0, le=1.0, description="Share of the segments that is played at another rate.")
    band_limit_share: float = Field(
        0.0, ge=0.0, le=1.0, description="Share of the segments that ends below half the rate, as older recordings do."
    )
    band_limit_hz: tuple[_Hertz, _Hertz] = Field((3_500.0, 16_000.0), description="Range of where these segments end.")
    prefetch: int = Field(0, ge=0, le=64, description="Threads that cut segments ahead of the training; 0: none.")

    @property
    def slowest(self) -> float:
        """The lowest rate that a segment may be played at."""
        return min(self.rate[0], 1.0) if self.rate_share > 0 else 1.0

    @field_validator("gain_db", "rate", "band_limit_hz")
    @classmethod
    def _ascending(cls, values: tuple[float, float]) -> tuple[float, float]:
        if values[0] > values[1]:
            raise PydanticCustomError("range", "a range is given as its lower end, its upper end")
        return values


class LossOptions(Options):
    """Weights of the losses between a rendering and its recording."""

    mel: float = Field(15.0, ge=0.0, description="L1 of log mels at n_fft 512, 1024 and 2048.")
    stft: float = Field(3.0, ge=0.0, description="Spectral convergence and log magnitude at the sizes of stft_sizes.")
    stft_sizes: tuple[_NFft, ...] = Field((256, 512, 1024, 2048), min_length=1, description="n_fft of the stft loss.")
    mel_l1: float = Field(0.0, ge=0.0, description="L1 of the mel of the recipe's convention; HiFi-GAN publishes 45.")
    phase: float = Field(0.0, ge=0.0, description="Anti-wrapping losses of phase, group delay and its time derivative.")


class OptimizerOptions(Options):
    """AdamW, its rate over the run, and how a step is computed."""

    steps: int = Field(12_000, ge=1)
    batch: int = Field(8, ge=1, description="Segments a forward pass of one process.")
    accumulation: int = Field(1, ge=1, description="Forward passes a step; their gradients are averaged.")
    segment_frames: int = Field(64, ge=8)
    learning_rate: float = Field(1e-3, gt=0.0, le=1.0)
    schedule: Literal["cosine", "exponential", "constant"] = "cosine"
    final_learning_rate: float = Field(1e-4, gt=0.0, le=1.0, description="Where the cosine ends.")
    decay: float = Field(0.999, gt=0.0, le=1.0, description="Factor of the exponential schedule.")
    decay_every_steps: int = Field(1000, ge=1, description="Steps from one factor to the next: an epoch, or 1.")
    warmup_steps: int = Field(100, ge=0)
    betas: tuple[_Beta, _Beta] = (0.8, 0.99)
    weight_decay: float = Field(0.01, ge=0.0)
    gradient_clip: float = Field(10.0, gt=0.0, description="Largest norm of all gradients together.")
    ema: float = Field(0.999, ge=0.0, lt=1.0, description="Decay of the averaged weights, which are what is exported.")
    precision: Literal["float32", "bf16", "fp16"] = Field("float32", description="Of the networks' forward pass.")
    compile: bool = Field(False, description="torch.compile the network: pays on a GPU, after a minute or more.")


class AdversarialOptions(Options):
    """Discriminators. Without this table there are none."""

    discriminators: tuple[Literal["period", "scale", "resolution", "band", "light", "mel"], ...] = Field(
        ("period", "scale"), min_length=1, description="Which kinds; HiFi-GAN's by default."
    )
    objective: Literal["least-squares", "hinge"] = "least-squares"
    start_step: int = Field(0, ge=0, description="The step from which on they are trained and heard.")
    weight: float = Field(1.0, ge=0.0, description="Of the generator's adversarial loss.")
    features: float = Field(2.0, ge=0.0, description="Of the feature matching loss.")
    relative_features: bool = Field(
        False, description="Feature matching relative to the size of the recording's features, layer by layer."
    )
    width: float = Field(1.0, gt=0.0, le=4.0, description="Times the published channels: below 1 for CPUs.")
    periods: tuple[_Period, ...] = Field((2, 3, 5, 7, 11), min_length=1)
    scales: int = Field(3, ge=1, le=6)
    learning_rate: float | None = Field(None, gt=0.0, le=1.0, description="Of the discriminators; none: [optimizer]'s.")
    loss: LossOptions | None = Field(None, description="Replaces [loss] from start_step on.")


class DistillOptions(Options):
    """A teacher. Without this table the recordings are what is learned."""

    voice: str = Field(description="A voice's name or file: its audio is what is learned.")
    complex_stft: float = Field(10.0, ge=0.0, description="Weight of the distance of complex spectra, phase included.")


class ValidationOptions(Options):
    """How often the averaged weights are judged, and on how many of the validation clips."""

    every_steps: int = Field(500, ge=1)
    clips: int = Field(12, ge=1)
    samples: int = Field(2, ge=0, description="How many of the clips are written to RUN/samples as they are rendered.")


class CheckpointOptions(Options):
    """How often a checkpoint is written, and how many of the last are kept beside the best."""

    every_steps: int = Field(250, ge=1)
    keep_last: int = Field(2, ge=1)


class LogOptions(Options):
    """What is written down while training."""

    every_steps: int = Field(50, ge=1)
    tensorboard: bool = Field(True, description="Write RUN/tensorboard too where the package tensorboard is installed.")
