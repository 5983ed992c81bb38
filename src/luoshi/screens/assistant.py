"""``luoshi mcp``: answers an assistant over standard input and output until it closes them."""

from __future__ import annotations

import logging
import os
from pathlib import Path

from luoshi.errors import BadUsage, said
from luoshi.messages import Speaker
from luoshi.screens.ledger import open_ledger


def answer(say: Speaker, *, token_file: str | None = None) -> int:
    """Serves the tools; what is said beside them goes to standard error."""
    token = _token(token_file)
    open_ledger(say)
    import anyio

    from luoshi.desk import tokens
    from luoshi.web.assistant.asking import Assistant
    from luoshi.web.assistant.server import add_acts, server

    # what each question was about nobody need read on the terminal
    logging.getLogger("mcp").setLevel(logging.WARNING)
    who = Assistant(token)
    if token:
        # a token that is no good is said at once, not to the assistant with each question
        tokens.opened(token, strict=_strict())
    made = server(who)
    if who.may_act():
        add_acts(made, who)
    anyio.run(made.run_stdio_async)
    return 0


def _strict() -> bool:
    from django.conf import settings

    return bool(settings.LUOSHI.strict)


def _token(path: str | None) -> str:
    """The token of a file, else of the environment; never of the command line, which others on the machine can see."""
    if not path:
        return os.environ.get("LUOSHI_TOKEN", "").strip()
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        what = said(error) if isinstance(error, OSError) else "不是 UTF-8 文本"
        raise BadUsage(f"令牌读不出：{what}", where=path, remedy="请改正路径或权限", slug="cannot-open") from error
