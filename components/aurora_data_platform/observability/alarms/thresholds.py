"""Alarm thresholds, computed from the settings."""

from components.aurora_data_platform.settings.model import PlatformSettings

MAX_CAPACITY_SHARE = 0.9
"""Share of the maximum capacity from which an instance can hardly grow."""
CPU_PERCENT = 90
"""CPUUtilization, which on Serverless v2 is relative to the maximum capacity."""
FREE_MEMORY = 0.05
"""Share of the memory at maximum capacity. FreeableMemory includes the memory by which the instance
can still grow (Aurora User Guide, Important CloudWatch metrics for Aurora Serverless v2)."""
CONNECTIONS = 0.8
"""Share of max_connections."""
BYTES_PER_ACU = 2 * 1024**3
"""1 ACU is about 2 GiB of memory (Aurora User Guide, Aurora Serverless v2 capacity)."""
ACU_PER_VCPU = 4
"""Estimate: AWS documents only that an ACU has CPU `corresponding` to its 2 GiB; the
memory-optimized classes of Aurora have 8 GiB per vCPU."""
TRANSACTION_IDS_WARNING = 500_000_000
"""Autovacuum freezes tables at 200 million; far beyond that it is not keeping up."""
TRANSACTION_IDS_CRITICAL = 1_000_000_000
"""PostgreSQL stops at about 2 billion; AWS recommends an early warning here (AWS Database Blog,
"Implement an early warning system for transaction ID wraparound")."""
STORAGE_LIMIT_BYTES = 128 * 1024**4
"""Maximum size of a cluster volume that every minor version of Aurora PostgreSQL 17 supports; later
minor versions support more (Aurora User Guide, Size limits)."""
STORAGE = 0.8
"""Share of the maximum size of a cluster volume."""
COMMIT_LATENCY_MILLISECONDS = 100
REPLICA_LAG_MILLISECONDS = 2000
"""Readers share the writer's volume, so the lag is usually well under 100 ms."""
SLOT_BYTES = 10 * 1024**3
"""Write-ahead log that a replication slot retains."""
ROTATION_GRACE_DAYS = 2
"""A rotation waits for its daily window and may be retried on the next day."""


def max_capacity_acu(s: PlatformSettings) -> float:
    """Capacity from which the maximum counts as reached, in ACU."""
    return MAX_CAPACITY_SHARE * s.aurora_max_capacity


def can_scale(s: PlatformSettings) -> bool:
    """Return whether an instance can scale below the threshold of `max_capacity_acu`."""
    return s.aurora_min_capacity < max_capacity_acu(s)


def free_memory_bytes(s: PlatformSettings) -> float:
    """Memory below which PostgreSQL is about to be killed, in bytes."""
    return round(FREE_MEMORY * s.aurora_max_capacity * BYTES_PER_ACU)


def connections_in_use(s: PlatformSettings) -> float:
    """Connections from which clients will soon be rejected."""
    return round(CONNECTIONS * s.effective_connections)


def virtual_cpus(s: PlatformSettings) -> float:
    """VCPUs at maximum capacity, at least one; sessions beyond them wait."""
    return max(1.0, s.aurora_max_capacity / ACU_PER_VCPU)


def storage_bytes(_: PlatformSettings) -> float:
    """Volume size from which the limit is near, in bytes."""
    return round(STORAGE * STORAGE_LIMIT_BYTES)


def rotation_age_days(s: PlatformSettings) -> float:
    """Days since the last rotation from which the next is overdue."""
    return s.rotation_days + ROTATION_GRACE_DAYS
