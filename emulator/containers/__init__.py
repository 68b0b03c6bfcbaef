"""Containers of ECS tasks, run as processes of this machine."""

from emulator.containers.container import start as start_container
from emulator.containers.images import IMAGES_VARIABLE, Image
from emulator.containers.images import dump as dump_images

__all__ = ["IMAGES_VARIABLE", "Image", "dump_images", "start_container"]
