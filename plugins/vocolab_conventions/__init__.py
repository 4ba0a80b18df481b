"""The mel conventions of published projects."""
