"""These packages are built, installed and tested by tests/plugins/test_wheel.py, in an environment of their own."""

collect_ignore_glob = ["*"]
