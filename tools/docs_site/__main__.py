"""`python -m tools.docs_site FOLDER`: stage the documentation for Sphinx."""

import sys
from pathlib import Path

from tools.docs_site.staging import NavigationError, stage

try:
    stage(Path(sys.argv[1]))
except NavigationError as error:
    sys.exit(f"tools/docs_site/navigation.yaml: {error}")
