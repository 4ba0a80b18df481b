"""The plugin machinery: hooks, the specs that they give, the host that calls them, and checks of both."""
