"""An empty program, for the minimum time of a preview."""
