"""What networks of several plugins share: building blocks, weights, noise, sizes.

Modules that import torch say so.
"""
