"""The fact kind ``task``: items of breakdowns with their units, and the acts that a plan commits to."""

from luoshi.extract.kinds.task.rules import find_tasks

__all__ = ["find_tasks"]
