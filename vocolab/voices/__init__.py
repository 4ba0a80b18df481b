"""Voices as things that people keep and hand on: packed into packages, added to a folder of their own, removed."""
