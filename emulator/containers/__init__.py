"""Containers of ECS tasks, run as processes of this machine."""
