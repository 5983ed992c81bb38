"""Projects: named works, places and facilities with the step that is told of them."""

from luoshi.extract.kinds.project.rules import find_projects

__all__ = ["find_projects"]
