"""How fast voices render: measured turn about, in processes that do nothing else.

    cases.py      what is measured: voices and published sizes, engines, precisions
    clock.py      time that is counted, and runs turn about
    worker.py     a process that measures one voice on every engine, beside the reference
    memory.py     a process that measures how much memory one of them takes
    startup.py    where the time of one short command goes
    effects.py    effects and presets
    yardstick.py  fixed work, for what has no reference
    results.py    rows, as JSON
    page.py       the same as tables
    comparing.py  what moved against an earlier result
    plot.py       quality against speed

The reference of a voice is its published architecture as plain torch modules, weight norm folded, in inference mode.
"""
