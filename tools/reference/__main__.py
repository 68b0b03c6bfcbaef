"""Writes every generated file: `python -m tools.reference`."""

from tools.reference.pages import FILES

for path, text in FILES.items():
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text(), encoding="utf-8")
