"""Formatting of numbers."""

_GIB = 1024**3


def figure(value: float, unit: str) -> str:
    """Return a value in CloudWatch's unit as text, bytes in GiB."""
    if unit.casefold() == "bytes":
        return f"{value / _GIB:,.4g} GiB" if value < 1000 * _GIB else f"{value / _GIB:,.0f} GiB"
    return f"{value:,.10g}"
