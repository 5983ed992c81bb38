"""A drawing made clean: known elements and attributes only, our words in place of their stand-ins, our fonts, a title and a description."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from lxml import etree

from luoshi.messages import Lang
from luoshi.publish.chart.style import FONT

_SVG: Final = "http://www.w3.org/2000/svg"
_SPACES: Final[dict[str | None, str]] = {None: _SVG}
_TAGS: Final = frozenset({"g", "path", "rect", "line", "circle", "text", "tspan", "defs", "clipPath"})
_KEPT: Final = frozenset({
    "d", "x", "y", "x1", "x2", "y1", "y2", "dx", "dy", "cx", "cy", "r", "rx", "ry", "width", "height", "transform", "fill", "stroke",
    "fill-opacity", "stroke-opacity", "opacity", "stroke-width", "stroke-dasharray", "stroke-dashoffset", "stroke-linecap", "stroke-linejoin",
    "stroke-miterlimit", "font-size", "font-weight", "text-anchor", "clip-path", "id",
})  # fmt: skip
#: what holds without being said
_PLAIN: Final = frozenset({
    ("transform", "translate(0,0)"), ("stroke-width", "1"), ("text-anchor", "start"), ("x2", "0"), ("y2", "0"), ("opacity", "1"),
    ("font-weight", "normal"),
})  # fmt: skip
_LONG: Final = re.compile(r"-?\d+\.\d{3,}(?:e-?\d+)?")
_OWN: Final = re.compile(r"url\(#([\w-]+)\)")
_HARMLESS: Final = re.compile(r"[\w\s#.,()+-]*")


def cleaned(svg: str, words: Mapping[str, str], *, mark: str, title: str, about: str, lang: Lang) -> str:
    """The drawing as one SVG element that can stand in a page or in a file.

    ``words`` gives the words for each stand-in, ``mark`` makes its ids unlike those of other drawings in the same page, ``title`` and
    ``about`` are what is read to those who do not see it. Nothing in it can run, link or load.
    """
    drawn = etree.fromstring(svg.encode(), etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True))
    root = etree.Element(f"{{{_SVG}}}svg", nsmap=_SPACES)  # type: ignore[arg-type]  # the stubs know no default namespace
    for name in ("viewBox", "width", "height"):
        root.set(name, drawn.get(name, ""))
    root.set("role", "img")
    root.set("lang", "zh-CN" if lang == "zh" else "en")
    root.set("aria-labelledby", f"{mark}-t")
    root.set("aria-describedby", f"{mark}-d")
    root.set("font-family", FONT)
    for name, said in (("title", title), ("desc", about)):
        told = etree.SubElement(root, f"{{{_SVG}}}{name}", id=f"{mark}-{name[0]}")
        told.text = said
    _copy(drawn, root, words, mark)
    return etree.tostring(root, encoding="unicode")


def _copy(source: etree._Element, target: etree._Element, words: Mapping[str, str], mark: str) -> None:
    for part in source:
        tag = etree.QName(part).localname
        if tag not in _TAGS or _is_unseen(part, tag):
            continue
        kept = _attributes(part, mark)
        if tag == "g" and not kept:
            _copy(part, target, words, mark)
            continue
        made = etree.SubElement(target, f"{{{_SVG}}}{tag}", kept)
        if part.text and tag in ("text", "tspan"):
            made.text = words.get(part.text, part.text)
        _copy(part, made, words, mark)
        if tag == "g" and not len(made):
            target.remove(made)


def _attributes(part: etree._Element, mark: str) -> dict[str, str]:
    """What is kept of an element's attributes; nothing of a line that has no width."""
    found = {str(name): _value(str(name), str(raw), mark) for name, raw in part.attrib.items()}
    thin = found.get("stroke-width") == "0"
    return {name: value for name, value in found.items() if value is not None and not (thin and name.startswith("stroke"))}


def _is_unseen(part: etree._Element, tag: str) -> bool:
    """Whether nothing of it would be seen: the frames that the library draws around every group."""
    if part.get("display") == "none":
        return True
    return tag == "path" and (
        not part.get("d") or (part.get("class") in ("background", "foreground") and not part.get("stroke") and not part.get("fill"))
    )


def _value(name: str, raw: str, mark: str) -> str | None:
    """An attribute's value with short numbers and our own ids; None where it is not kept."""
    if name not in _KEPT:
        return None
    if name == "id":
        return f"{mark}-{raw}"
    if name == "clip-path":
        own = _OWN.fullmatch(raw)
        return f"url(#{mark}-{own[1]})" if own else None
    if not _HARMLESS.fullmatch(raw) or "url" in raw:
        return None
    if (name, raw) in _PLAIN:
        return None
    return _LONG.sub(lambda match: f"{float(match[0]):.2f}".rstrip("0").rstrip("."), raw)
