"""What executes networks: torch, or another runtime that is handed a voice's graph.

    interfaces.py   what an engine is: a class of a plugin
    choice.py       which engine, in which precision, on how many threads
    graphs.py       a voice's network as a graph, traced by torch once
    fidelity.py     how far an engine is from the network that it runs
    parts.py        arrays between two frames
    covering.py     mels of any length by parts of few, where new lengths are slow
    cache.py        files of what was compiled, checked when they are read
    compiling.py    a voice's graph compiled, or taken from the cache
    ranking.py      which engine is the fastest with a voice, measured once
    opening.py      a vocoder or an acoustic model on the engine that was chosen
    waveform.py     a vocoder whose graph maps a mel to audio

Once a voice is compiled, neither torch nor the module that defines its network is imported to use it.
"""

from __future__ import annotations

from vocolab.engines.choice import EngineChoice, Running

__all__ = ["EngineChoice", "Running"]
