"""The estimate, as a function of settings, load and prices."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from operations.data_files import read_data
from operations.errors import CannotRunError
from operations.outputs import StackOutputs

HOURS_PER_MONTH = 730
OPTIMIZED, STANDARD = "aurora-iopt1", "aurora"
IO_SHARE = 0.25
"""I/O-Optimized is cheaper when I/O exceeds this share of the Aurora spend (Aurora pricing)."""


@dataclass(frozen=True)
class Load:
    """The measured load of a cluster; None where nothing was measured.

    Attributes:
        average_acu: Average capacity of an instance, in ACU; a paused one has 0.
        storage_gb: Storage in use at the end, in GB.
        io_millions: I/O requests per month, in millions.
        hours: Hours that were measured.
    """

    average_acu: float | None
    storage_gb: float | None
    io_millions: float | None
    hours: int

    @property
    def duration(self) -> str:
        """Duration of the measurements, for people."""
        days = round(self.hours / 24)
        return f"{days} days" if days > 1 else f"{self.hours} hours"


@dataclass(frozen=True)
class Estimate:
    """Costs per month, in USD.

    Attributes:
        floor: Every instance at its minimum capacity.
        expected: Every instance at the measured average; None without measurements.
        ceiling: Every instance at its maximum capacity.
        storage: Storage in use; None without measurements.
        io: I/O requests; None without measurements.
        fixed: Key, secrets and alarms.
        advice: Advice on the storage configuration.
    """

    floor: float
    expected: float | None
    ceiling: float
    storage: float | None
    io: float | None
    fixed: float
    advice: str


@cache
def prices() -> Mapping[str, Any]:
    """Return the price file."""
    return read_data(Path(__file__).with_name("prices.yaml"))


def estimate(outputs: StackOutputs, load: Load) -> Estimate:
    """Return the costs of a stack.

    Args:
        outputs: The stack.
        load: Its load.

    Raises:
        CannotRunError: the region has no prices.
    """
    own = outputs.declared_state
    regions: Mapping[str, Mapping[str, Mapping[str, float]]] = prices()["regions"]
    if outputs.region not in regions:
        message = (
            f"no prices for region {outputs.region}; known regions: {', '.join(regions)}. Add the "
            "region to operations/reports/cost/prices.yaml"
        )
        raise CannotRunError(message)
    rates = regions[outputs.region][own.storage_type]
    acu_hour = own.acu_hourly_price_usd or rates["acu_hour"]

    def compute(acu: float) -> float:
        return len(own.instance_identifiers) * acu * acu_hour * HOURS_PER_MONTH

    expected = compute(load.average_acu) if load.average_acu is not None else None
    storage = _product(load.storage_gb, rates["storage_gb_month"])
    io = _product(load.io_millions, rates["io_million"])
    return Estimate(
        compute(own.min_capacity),
        expected,
        compute(own.max_capacity),
        storage,
        io,
        _fixed(outputs),
        _advice(own.storage_type, expected, storage, io, load),
    )


def _fixed(outputs: StackOutputs) -> float:
    fixed: Mapping[str, float] = prices()["fixed"]
    own = outputs.declared_state
    return (
        (fixed["KMS key"] if own.creates_key else 0.0)
        + fixed["master secret"]
        + fixed["each application secret"] * (len(outputs.secret_arns) - 1)
        + fixed["each alarm"] * len(own.alarm_names)
    )


def _advice(
    storage_type: str, compute: float | None, storage: float | None, io: float | None, load: Load
) -> str:
    if storage_type == OPTIMIZED:
        return "I/O-Optimized is on; compare it with Aurora Standard when I/O becomes rare"
    if compute is None or storage is None or io is None:
        return "not enough measurements to compare I/O-Optimized"
    spend = compute + storage + io
    if spend == 0:
        return f"nothing was spent on Aurora in {load.duration}"
    share = io / spend
    verdict = "consider storageType aurora-iopt1" if share > IO_SHARE else "Standard is cheaper"
    return f"I/O is {share:.0%} of the Aurora spend of {load.duration}: {verdict}"


def _product(amount: float | None, price: float) -> float | None:
    return None if amount is None else amount * price
