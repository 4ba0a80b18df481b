"""These packages are built, installed and tested by tests/host/test_wheel.py, in an environment of their own."""

collect_ignore_glob = ["*"]
