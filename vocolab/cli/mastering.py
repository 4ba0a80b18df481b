"""From a signal to a finished file: the end that `render` and `master` have in common."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from vocolab.cli.batch import Report
from vocolab.cli.outputs import Job
from vocolab.cli.progress import Watched
from vocolab.cli.report import Delivery, measured

if TYPE_CHECKING:
    from vocolab.chain.chain import Chain
    from vocolab.files.formats import BitDepth, Form
    from vocolab.interfaces import Signal

_PROCESSED = 0.8
_WRITTEN = 0.1
"""Shares of the way: through the chain, and into the file. The rest is measuring."""


@dataclass(frozen=True)
class Finish:
    """What every signal of a batch goes through before it is a file."""

    chain: Chain
    form: Form

    def __call__(self, open_signal: Callable[[Path, Report], Signal], job: Job, report: Report) -> Delivery:
        """Open the job's source, run the chain, write the file; measure it if the chain promises anything."""
        from vocolab.files.atomic import check_place
        from vocolab.files.writer import write_audio

        check_place(job.output)
        started = time.monotonic()
        source = Watched(open_signal(job.source, report), lambda done: report.reach(done * _PROCESSED))
        processed = Watched(self.chain.run(source), lambda done: report.reach(_PROCESSED + done * _WRITTEN))
        written = write_audio(processed, job.output, self.form)
        return measured(str(job.source), written, time.monotonic() - started, self.chain)


def finish_with(chain: Chain, *, sample_rate: int | None, bit_depth: BitDepth | None, seed: int = 0) -> Finish:
    """`chain`, writing at `sample_rate` and `bit_depth` where they are given, else as the chain says, else 24 bit."""
    from vocolab.chain.chain import Output
    from vocolab.files.formats import Form

    chain.output = chain.output | Output(sample_rate, bit_depth)
    return Finish(chain, Form(bit_depth=chain.output.bit_depth or 24, seed=seed))
