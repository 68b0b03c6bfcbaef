"""Price of the capacity in use."""

import json
from collections.abc import Mapping
from pathlib import Path

from components.aurora_data_platform.settings.model import PlatformSettings

_LIST_PRICES: Mapping[str, Mapping[str, float]] = json.loads(
    Path(__file__).with_name("prices.json").read_text(encoding="utf-8")
)["usd_per_acu_hour"]


def acu_hourly_usd(s: PlatformSettings) -> float | None:
    """Return the price of an ACU-hour in USD, as configured or from the list; None if unknown."""
    if s.acu_hourly_price_usd > 0:
        return s.acu_hourly_price_usd
    return _LIST_PRICES.get(s.region, {}).get(str(s.storage_type))
