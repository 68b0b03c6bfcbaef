"""The Pulumi engine where none is installed, and the emulator's plugins for it."""

from emulator.engine.acquisition import Engine, EngineUnavailableError, acquire
from emulator.engine.plugins import install_plugins

__all__ = ["Engine", "EngineUnavailableError", "acquire", "install_plugins"]
