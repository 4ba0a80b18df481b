"""A disk that is full, without one."""

import resource
from contextlib import contextmanager


@contextmanager
def full_disk(after_bytes):
    """No file of this process may grow beyond `after_bytes`: the kernel refuses, as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (after_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
