"""Published checkpoints: read safely, recognised, and turned into voices.

    checkpoint.py   open_checkpoint: a file or a folder, its content, and the config beside it
    folders.py      which file of a folder holds the weights
    config_places.py, config_files.py, agreement.py    where configs are, what they say, whether two agree
    reading.py      the content of one file: tensors, numbers, texts and containers, nothing executed
        nemo.py and vocolab.torch_files    the formats
    state_dicts.py  what plugins need for their spellings: prefixes, renaming, weight norm
    conversion.py   asks the vocoders whose checkpoint it is, and has it converted
"""

from __future__ import annotations

from vocolab.checkpoints.checkpoint import Checkpoint, open_checkpoint
from vocolab.checkpoints.conversion import Conversion, convert_checkpoint
from vocolab.checkpoints.reading import read_checkpoint
from vocolab.checkpoints.state_dicts import (
    as_arrays,
    as_state_dict,
    find_state_dict,
    fold_weight_norm,
    renamed,
    state_dict_with,
    under_prefix,
    weight_norm_spelling,
    without_prefixes,
)
from vocolab.torch_files import PickledObject

__all__ = [
    "Checkpoint", "Conversion", "PickledObject", "as_arrays", "as_state_dict", "convert_checkpoint", "find_state_dict",
    "fold_weight_norm", "open_checkpoint", "read_checkpoint", "renamed", "state_dict_with", "under_prefix",
    "weight_norm_spelling", "without_prefixes",
]  # fmt: skip
