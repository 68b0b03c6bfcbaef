"""Where an alarm begins, from the settings: change a capacity and the thresholds follow."""

from components.aurora_data_platform.aurora import max_connections
from components.aurora_data_platform.settings.model import PlatformSettings

CEILING = 0.9
"""Share of the greatest capacity from which a cluster has nowhere left to grow."""
CPU_PERCENT = 90
"""CPUUtilization of Serverless v2 counts the CPU of the greatest capacity as 100."""
FREE_MEMORY = 0.05
"""Share of the greatest capacity's memory. FreeableMemory counts what the instance could still
grow by as free (Aurora User Guide, Important CloudWatch metrics for Aurora Serverless v2)."""
CONNECTIONS = 0.8
"""Share of max_connections, in use."""
BYTES_PER_ACU = 2 * 1024**3
"""1 ACU is about 2 GiB of memory (Aurora User Guide, Aurora Serverless v2 capacity)."""
ACU_PER_VCPU = 4
"""Estimate: AWS says only that an ACU has CPU `corresponding` to its 2 GiB; the memory-optimised
classes of Aurora have 8 GiB for each vCPU."""
TRANSACTION_IDS_WARNING = 500_000_000
"""Autovacuum freezes tables from 200 million on, so it is not keeping up."""
TRANSACTION_IDS_CRITICAL = 1_000_000_000
"""PostgreSQL stops at about 2 billion; AWS advises an early warning here (database blog, Implement
an early warning system for transaction ID wraparound)."""
STORAGE_LIMIT_BYTES = 128 * 1024**4
"""Largest cluster volume that every Aurora PostgreSQL 17 version takes (Aurora User Guide, Size
limits); later versions take more."""
STORAGE = 0.8
COMMIT_LATENCY_MILLISECONDS = 100
REPLICA_LAG_MILLISECONDS = 2000
"""Aurora's readers share the writer's volume: lag is usually well under 100 ms."""
SLOT_BYTES = 10 * 1024**3
ROTATION_GRACE_DAYS = 2
"""A rotation waits for its daily window, and may be tried again the next day."""


def ceiling_acu(s: PlatformSettings) -> float:
    """ACU from which capacity counts as exhausted."""
    return CEILING * s.aurora_max_capacity


def can_scale(s: PlatformSettings) -> bool:
    """Whether there is capacity below the ceiling to return to."""
    return s.aurora_min_capacity < ceiling_acu(s)


def free_memory_bytes(s: PlatformSettings) -> float:
    """Memory below which PostgreSQL is about to be killed."""
    return round(FREE_MEMORY * s.aurora_max_capacity * BYTES_PER_ACU)


def connections_in_use(s: PlatformSettings) -> float:
    """Connections from which clients will soon be refused."""
    return round(CONNECTIONS * max_connections.effective(s))


def virtual_cpus(s: PlatformSettings) -> float:
    """VCPUs of the greatest capacity, at least one; sessions beyond them wait."""
    return max(1.0, s.aurora_max_capacity / ACU_PER_VCPU)


def storage_bytes(_: PlatformSettings) -> float:
    """Size of the volume from which its limit is near."""
    return round(STORAGE * STORAGE_LIMIT_BYTES)


def rotation_age_days(s: PlatformSettings) -> float:
    """Days since the last rotation from which one is overdue."""
    return s.rotation_days + ROTATION_GRACE_DAYS
