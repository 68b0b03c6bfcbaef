"""Sphinx's configuration of the staged documentation."""

project = "Aurora data platform"
extensions = ["myst_parser"]
root_doc = "index"
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = project
html_show_sphinx = False
html_copy_source = False
# Anchors as GitHub makes them, so that a link works in both places.
myst_heading_anchors = 4
suppress_warnings = ["misc.highlighting_failure"]
