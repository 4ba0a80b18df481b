"""Plugin of vocolab."""
