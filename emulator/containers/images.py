"""Container images are folders of this machine: nothing is pulled, and nothing is isolated."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

IMAGES_VARIABLE = "EMULATOR_IMAGES"
"""Environment variable: images as JSON, by repository without registry and tag:
`{"orders": {"folder": "/path", "environment": {"NAME": "value"}}}`."""


@dataclass(frozen=True)
class Image:
    """An image.

    Attributes:
        folder: Its files, and the working folder of its containers.
        environment: The variables that its Dockerfile sets.
    """

    folder: Path
    environment: Mapping[str, str] = field(default_factory=dict[str, str])


def dump(images: Mapping[str, Image]) -> str:
    """Return the value of the variable that names images.

    Args:
        images: Images by repository.
    """
    return json.dumps(
        {
            name: {"folder": str(each.folder), "environment": dict(each.environment)}
            for name, each in images.items()
        }
    )


def find(name: str, environment: Mapping[str, str]) -> Image | None:
    """Return the image of a container definition; None if there is none on this machine.

    Args:
        name: The image's name, `REGISTRY/REPOSITORY:TAG` or `REPOSITORY@DIGEST`.
        environment: Contains the variable that names the images.
    """
    repository = name.rpartition("/")[2].partition("@")[0].partition(":")[0]
    found = json.loads(environment.get(IMAGES_VARIABLE, "{}")).get(repository)
    if found is None:
        return None
    return Image(Path(found["folder"]), found.get("environment", {}))
