"""`python -m tools.package_schema`: exit 1 if the package's schema breaks its users' programs.

`--accept` makes the present schema the one that later ones are compared with. It belongs to a new
major version, and needs a line in the changelog.
"""

import json
import sys

from package.schema import schema
from tools.package_schema.changes import breaking_changes
from tools.package_schema.golden import GOLDEN, golden_text

if "--accept" in sys.argv[1:]:
    GOLDEN.write_text(golden_text(schema()), encoding="utf-8")
found = breaking_changes(json.loads(GOLDEN.read_text(encoding="utf-8")), schema())
for change in found:
    print(f"breaking change of the package: {change}", file=sys.stderr)
if found:
    sys.exit(
        "The package's schema breaks programs. Keep the old properties, or accept the change for a "
        "new major version: python -m tools.package_schema --accept"
    )
