"""What was delivered: files that were written, what the meter read in them, and whether that is what was promised."""

from __future__ import annotations

from dataclasses import dataclass

from vocolab.deeds import Deed
from vocolab.delivery.target import LOUDNESS, Requirement, Target, missed
from vocolab.files.formats import container_of
from vocolab.files.writer import WriteReport
from vocolab.loudness import Loudness, LoudnessCurves


@dataclass(frozen=True)
class Delivery:
    """A file that was written, and what the meter read in it."""

    written: WriteReport
    target: Target
    loudness: Loudness | None = None
    """None where nothing had to be measured."""
    curves: LoudnessCurves | None = None
    requirements: tuple[Requirement, ...] = ()
    miss_allowed: bool = False
    """Whether another loudness than the target's was allowed beforehand."""
    is_decoded: bool = False
    """Whether it is a lossy file and the readings are those of what a decoder makes of it."""
    headroom_db: float = 0.0
    """How much the ceiling was lowered for the codec."""
    offset_lu: float = 0.0
    """How much louder the chain aimed for the codec."""
    rounds: int = 1
    """How often the chain has run."""
    deeds: tuple[Deed, ...] = ()
    """What effects did to it, in order, as far as they tell."""

    @property
    def is_lossy(self) -> bool:
        """Whether what is read back is not what was written."""
        return container_of(self.written.path).is_lossy

    @property
    def misses(self) -> list[Requirement]:
        """What was promised, does not hold, and was not allowed to be missed."""
        return missed(self.requirements, {LOUDNESS} if self.miss_allowed else ())

    @property
    def missed(self) -> bool:
        """Whether there is any of that."""
        return bool(self.misses)


@dataclass(frozen=True)
class AlbumDelivery:
    """Files that were made with one gain, and what the meter read in all of them, one after the other."""

    files: tuple[Delivery, ...]
    loudness: Loudness | None = None
    requirements: tuple[Requirement, ...] = ()

    @property
    def missed(self) -> bool:
        """Whether the whole is not as loud as was promised, and was not allowed to be."""
        return bool(self.misses)

    @property
    def misses(self) -> list[Requirement]:
        """The loudness of the whole, if it is not what was promised and was not allowed to be another."""
        allowed = any(file.miss_allowed for file in self.files)
        return missed(self.requirements, {LOUDNESS} if allowed else ())
