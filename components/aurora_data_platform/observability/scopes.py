"""What metrics are about."""

from enum import StrEnum


class Scope(StrEnum):
    """What a metric is about; each needs its exact set of dimensions."""

    CLUSTER = "cluster"
    WRITER = "writer"
    READERS = "readers"
    INSTANCE = "instance"
    FUNCTION = "rotation function"
    DEAD_LETTERS = "dead letters of the rotation"
    FAILED_ROTATIONS = "rule for failed rotations"
    LOG = "lines of PostgreSQL's log"
    ROTATION_LOG = "rotation function's log"
