"""A generator that learns another vocoder's waveform.

A recording's phase is not decided by its mel, a teacher's is: its audio is a function of the mel, and a student can be
asked for the very waveform.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from vocolab.interfaces import Vocoder
from vocolab.networks.vocoder import NetworkVocoder
from vocolab.training.learner import Learner
from vocolab.training.losses.complex_spectra import ComplexLoss
from vocolab.training.losses.reconstruction import Reconstruction
from vocolab.training.tables import DistillOptions, LossOptions
from vocolab.training.tasks.task import SegmentBatch
from vocolab.training.tasks.waveform import WaveformTask


class DistillationTask(WaveformTask):
    """Spectral losses, and the distance of complex spectra, between the rendering and the teacher's."""

    def __init__(
        self, learner: Learner, reconstruction: Reconstruction, teacher: Vocoder, options: DistillOptions,
        weights: LossOptions,
    ) -> None:
        super().__init__(learner, reconstruction)
        self.teacher, self.options = teacher, options
        self.complex_loss = ComplexLoss(weights.stft_sizes).to(learner.device)
        if isinstance(teacher, NetworkVocoder):
            teacher.network.to(learner.device)

    @torch.no_grad()
    def wanted(self, batch: SegmentBatch) -> Tensor:
        """The teacher's audio for the batch's mels."""
        if isinstance(self.teacher, NetworkVocoder):
            audio: Tensor = self.teacher.network(batch.mel)
            return audio.float()
        rendered = [self.teacher.render(mel) for mel in batch.mel.cpu().numpy()]
        return torch.from_numpy(np.stack(rendered)).to(batch.mel.device)

    def distance(self, rendered: Tensor, wanted: Tensor) -> tuple[Tensor, dict[str, Tensor]]:
        """The recipe's losses and the complex one."""
        loss, parts = super().distance(rendered, wanted)
        apart = self.complex_loss(rendered, wanted)
        return loss + self.options.complex_stft * apart, {**parts, "complex": apart.detach()}
