"""A generator that is trained by what its audio sounds like: spectra, and the mel of its own convention."""

from __future__ import annotations

from torch import Tensor, nn

from vocolab.training.learner import Learner
from vocolab.training.losses.reconstruction import Reconstruction
from vocolab.training.tasks.task import Rendering, RenderingTask, SegmentBatch


class WaveformTask(RenderingTask[SegmentBatch]):
    """Spectral losses between the rendering and the recording."""

    def __init__(self, learner: Learner, reconstruction: Reconstruction) -> None:
        super().__init__(learner)
        self.reconstruction = reconstruction

    def rendering(self, batch: SegmentBatch) -> Rendering:
        """The generator's audio, and the weighted sum of the recipe's losses."""
        rendered, wanted = self.render(batch), self.wanted(batch)
        return Rendering(wanted, rendered, *self.distance(rendered, wanted))

    def render(self, batch: SegmentBatch) -> Tensor:
        """The generator's audio in float32: spectra are not taken in less."""
        with self.learner.autocast():
            audio: Tensor = self.learner.call(_forward, batch.mel)
        return audio.float()

    def wanted(self, batch: SegmentBatch) -> Tensor:
        """The audio that should have been rendered."""
        return batch.audio

    def distance(self, rendered: Tensor, wanted: Tensor) -> tuple[Tensor, dict[str, Tensor]]:
        """How far (batch, samples) is from (batch, samples): the loss and its parts."""
        loss: tuple[Tensor, dict[str, Tensor]] = self.reconstruction(rendered, wanted)
        return loss


def _forward(network: nn.Module, mel: Tensor) -> Tensor:
    audio: Tensor = network(mel)
    return audio
