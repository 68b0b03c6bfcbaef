"""`python -m tools.deployment_roles`: write docs/ci/*.json."""

from tools.deployment_roles.documents import documents, text
from tools.repository import ROOT

for role, document in documents().items():
    (ROOT / f"docs/ci/{role}.json").write_text(text(document), encoding="utf-8")
