"""The Pulumi CLI, acquired if it is not installed, and the emulator's plugins."""

from emulator.engine.acquisition import Engine, EngineUnavailableError, acquire, cache_folder
from emulator.engine.official_plugins import install_official_plugins
from emulator.engine.plugins import (
    install_node_language_host,
    install_plugins,
    install_yaml_language_host,
)

__all__ = [
    "Engine",
    "EngineUnavailableError",
    "acquire",
    "cache_folder",
    "install_node_language_host",
    "install_official_plugins",
    "install_plugins",
    "install_yaml_language_host",
]
