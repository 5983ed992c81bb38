"""A program of its own that draws: Vega-Lite in, SVG or PNG out, one request a line. Imports nothing of ours.

Apart from the server for four reasons: the drawing library keeps Python's lock while it draws, hangs in a process that was forked after
it was first used, takes 100 MB, and would take the server with it if it fell. It ends with its reader, or after ten idle minutes.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from collections.abc import Callable
from typing import Any, BinaryIO, Final

_IDLE_SECONDS: Final = 600


def _svg(request: dict[str, Any]) -> bytes:
    import vl_convert

    return vl_convert.vegalite_to_svg(request["description"], allowed_base_urls=[], show_warnings=False).encode()


def _png(request: dict[str, Any]) -> bytes:
    import vl_convert

    for folder in request.get("fonts", ()):
        vl_convert.register_font_directory(folder)
    return vl_convert.svg_to_png(request["svg"], scale=request["scale"])


def _bundle(request: dict[str, Any]) -> bytes:
    import vl_convert

    return vl_convert.javascript_bundle(request["snippet"]).encode()


_DOES: Final[dict[str, Callable[[dict[str, Any]], bytes]]] = {"svg": _svg, "png": _png, "bundle": _bundle}


class _Watch:
    """Ends the program when nothing was asked of it for long."""

    def __init__(self) -> None:
        self.last = time.monotonic()
        self.busy = False
        threading.Thread(target=self._look, daemon=True).start()

    def _look(self) -> None:
        while True:
            time.sleep(30)
            if not self.busy and time.monotonic() - self.last > _IDLE_SECONDS:
                os._exit(0)


def serve(asked: BinaryIO, answers: BinaryIO) -> None:
    """Answers one request after another: a line with the size, then so many bytes; or a line that says what went wrong."""
    watch = _Watch()
    for line in asked:
        watch.busy = True
        try:
            request = json.loads(line)
            answer = _DOES[request["do"]](request)
            head: dict[str, Any] = {"size": len(answer)}
        except Exception as error:  # noqa: BLE001 - whatever it is, the next request is to be answered
            answer, head = b"", {"size": -1, "why": f"{type(error).__name__}: {error}"[:500]}
        answers.write(json.dumps(head).encode() + b"\n" + answer)
        answers.flush()
        watch.last, watch.busy = time.monotonic(), False


if __name__ == "__main__":
    # What the library may print must not come between the answers.
    own = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    serve(sys.stdin.buffer, own)
