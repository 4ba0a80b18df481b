"""How published projects write what several of their models share: no plugin, but what plugins of families read with.

    values.py             numbers, tables and choices out of a config
    keys.py               keys that only training reads, and the others that nobody understands
    hifigan.py            hifi-gan's recipe of mels, under the names that its relatives gave the sizes
    coqui.py              coqui's mels
    nemo.py               NeMo's preprocessor
    parallelwavegan.py    ParallelWaveGAN's mels, and its statistics beside the weights
    hdf5.py               arrays out of a small HDF5 file, as those statistics are
"""
