"""Writes the description of the interface to standard output, as it is kept: ``python -m luoshi.web.api.describe > docs/openapi.json``."""

from __future__ import annotations

import json
import os
import sys


def main() -> None:
    """Sets Django up first, since the interface asks it for its settings when it is loaded."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "luoshi.web.settings")
    django.setup()
    from luoshi.web.api.interface import description

    sys.stdout.write(json.dumps(description(), ensure_ascii=False, indent=1, sort_keys=True) + "\n")


if __name__ == "__main__":
    main()
