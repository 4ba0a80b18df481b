"""What is wrong with a recording, and what would help: detectors of plugins hear it once, all together.

    listening = Listening(file, catalog)        a signal: whoever walks through it lets the detectors hear it
    listening.diagnosis()                       what they found
"""

from vocolab.diagnosis.diagnosis import Diagnosis
from vocolab.diagnosis.listening import Listening, diagnose

__all__ = ["Diagnosis", "Listening", "diagnose"]
