"""Samplers: from noise to a latent, each by one idea."""
