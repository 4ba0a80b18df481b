"""Pictures of what is measured: matplotlib, where it is installed."""
