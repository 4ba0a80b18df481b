"""Several tracks of one recording made into one signal: who speaks when, how loud each is, and what is under it.

    tracks ── levels ── who speaks ──┬── gates: a microphone is down while only others speak
                                     ├── one gain a speaker, by what he says himself
                                     └── music down while anybody speaks
    tracks x gains ── summed ──────────────────────────────────────────────────> a signal, to be mastered
"""
