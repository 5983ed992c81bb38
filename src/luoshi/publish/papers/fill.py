"""A template filled: placeholders replaced, rows and paragraphs of lists repeated, what has no value left out; footnotes are real ones."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from decimal import Decimal
from typing import Any, Final

from lxml import etree

from luoshi.errors import LuoshiError
from luoshi.publish.papers.adding import must_add
from luoshi.publish.papers.blocks import Field, Kind
from luoshi.publish.papers.kinds import default_template, kind_of
from luoshi.publish.papers.layout import STYLE, width_of
from luoshi.publish.papers.marks import HEADS, Mark, lists_in, marks_in, problems, text_of
from luoshi.publish.papers.notes import Extras
from luoshi.publish.papers.packing import BODY, packed, parts_of, tree, w, xml
from luoshi.publish.papers.words import TITLE_SIGNS, WIDE_SIGNS, Picture, Piece, Row, Value, Values, title_lines, written

_SPACE: Final = "{http://www.w3.org/XML/1998/namespace}space"
#: a sign of the body in twentieths of a point
_SIGN: Final = 315
_DAY_FROM_RIGHT: Final = 4
_SMALLEST_MARK: Final = 22.0
#: what of a paragraph's properties Word wants behind its indent
_AFTER_INDENT: Final = frozenset(map(w, ("contextualSpacing", "mirrorIndents", "suppressOverlap", "jc", "textDirection", "textAlignment", "outlineLvl",
                                         "rPr", "sectPr", "pPrChange")))  # fmt: skip


class BadTemplate(LuoshiError):
    """A template with placeholders that nobody can fill, or without one that its paper must have."""

    slug = "bad-template"


class BadValues(LuoshiError):
    """Values that do not fit the kind of paper: a programmer's mistake, told before it is printed."""

    slug = "bad-values"


Named = dict[str, Value]


def filled(key: str, values: Values, template: bytes | None = None) -> bytes:
    """The paper of this kind with these values, in the office's template or the one that the program ships.

    The same values and template give the same bytes. Raises ``DoesNotAdd`` where its numbers do not add up, ``BadTemplate`` where the
    template asks for what there is not, ``BadValues`` for values that the kind does not declare.
    """
    kind = kind_of(key)
    named = _named(kind, values)
    must_add(kind, values)
    if template is not None:
        check_template(kind, template)
    parts = parts_of(template or default_template(key), f"{kind.title.zh}的模板")
    extras = Extras(parts)
    for part in (BODY, *(name for name in parts if HEADS.fullmatch(name))):
        root = tree(parts[part])
        for holder in _holders(root):
            _fill_children(holder, named, extras)
        _finish(root)
        parts[part] = xml(root)
    extras.done()
    return packed(parts)


def check_template(kind: Kind, template: bytes) -> None:
    """Nothing, or ``BadTemplate`` with what is wrong first."""
    found = problems(kind, template)
    if found:
        told = "；".join(f"{one.where}：{one.what}" for one in found[:3])
        raise BadTemplate(f"模板有 {len(found)} 处问题：{told}", where=kind.title.zh, remedy=found[0].remedy)


def sample_values(kind: Kind) -> dict[str, Value]:
    """The examples that the kind declares, as values: lists of one row."""
    return {field.key: [{one.key: one.sample for one in field.of}] if field.of else field.sample for field in kind.fields}


def _named(kind: Kind, values: Values) -> Named:
    """The values by the names that templates use; those not given are empty."""
    unknown = set(values) - {field.key for field in kind.fields}
    if unknown:
        raise BadValues(f"没有这些项：{'、'.join(sorted(unknown))}", where=kind.key, remedy="请对照该文书的声明")
    return {field.name: _value(field, values.get(field.key)) for field in kind.fields}


def _value(field: Field, value: Value) -> Value:
    if not field.of:
        return value
    if not isinstance(value, list | tuple):
        return ()
    names = {one.key: one.name for one in field.of}
    rows: Sequence[Any] = value
    return [{names[key]: one for key, one in row.items() if key in names} for row in rows]


# --- the tree


def _holders(root: Any) -> list[Any]:
    body = root.find(w("body"))
    return [root if body is None else body]


def _fill_children(holder: Any, named: Named, extras: Extras) -> None:
    """The children of a body, cell or frame: paragraphs of one list that follow each other are repeated together."""
    children = list(holder)
    at = 0
    while at < len(children):
        child = children[at]
        if child.tag == w("tbl"):
            _fill_table(child, named, extras)
        elif child.tag == w("sdt"):
            for content in child.findall(w("sdtContent")):
                _fill_children(content, named, extras)
        elif child.tag == w("p"):
            group = _group(children, at)
            if len(group) > 1 or lists_in(text_of(child)):
                _repeat(holder, group, named, extras)
                at += len(group)
                continue
            _fill_paragraph(child, named, extras)
        at += 1


def _group(children: Sequence[Any], at: int) -> list[Any]:
    """The paragraphs from here on that use the same list."""
    name = lists_in(text_of(children[at]))[:1]
    end = at + 1
    while name and end < len(children) and children[end].tag == w("p") and lists_in(text_of(children[end]))[:1] == name:
        end += 1
    return list(children[at:end])


def _repeat(holder: Any, group: Sequence[Any], named: Named, extras: Extras) -> None:
    name = lists_in(text_of(group[0]))[0]
    place = holder.index(group[0])
    for row in _rows(named, name):
        for one in group:
            copy = deepcopy(one)
            holder.insert(place, copy)
            before = len(holder)
            _fill_paragraph(copy, _with(named, name, row), extras)
            place += 1 + len(holder) - before
    for one in group:
        _drop(one)


def _rows(named: Named, name: str) -> Sequence[Row]:
    found = named.get(name)
    return found if isinstance(found, list | tuple) else ()  # type: ignore[return-value]


def _with(named: Named, name: str, row: Row) -> Named:
    return {**named, **{f"{name}.{column}": value for column, value in row.items()}}


def _fill_table(table: Any, named: Named, extras: Extras) -> None:
    """A row that uses a list is repeated for each of its rows; a table of nothing but heads is left out."""
    listed = given = 0
    for row in table.findall(w("tr")):
        lists = lists_in(text_of(row))
        if not lists:
            bare = "{{?" in text_of(row)
            _fill_row(row, named, extras)
            if bare and not text_of(row).strip() and row.find(f".//{w('drawing')}") is None:
                table.remove(row)
            continue
        listed += 1
        place = table.index(row)
        for values in _rows(named, lists[0]):
            copy = deepcopy(row)
            table.insert(place, copy)
            _fill_row(copy, _with(named, lists[0], values), extras)
            place += 1
            given += 1
        table.remove(row)
    if listed and not given:
        parent = table.getparent()
        parent.remove(table)


def _fill_row(row: Any, named: Named, extras: Extras) -> None:
    for cell in row.iter(w("tc")):
        for one in cell.findall(w("p")):
            _fill_paragraph(one, named, extras)
        if cell.find(w("p")) is None:
            cell.append(etree.Element(w("p")))


# --- a paragraph


def _fill_paragraph(paragraph: Any, named: Named, extras: Extras) -> None:
    marks = marks_in(text_of(paragraph))
    if not marks:
        return
    if any(not _has(named, one) for one in _whole(marks)):
        _drop(paragraph)
        return
    for one in reversed(_whole(marks)):
        _replace(paragraph, one.start, one.end, None, None)
    marks = marks_in(text_of(paragraph))
    if len(marks) == 1 and not marks[0].sign and _lines(named, marks[0], paragraph):
        return
    while cut := _first_cut(marks_in(text_of(paragraph)), named):
        _replace(paragraph, *cut, None, None)
    for one in reversed(marks_in(text_of(paragraph))):
        _replace(paragraph, one.start, one.end, None if one.sign else named.get(_key(one)), extras)
    for run in paragraph.findall(f".//{w('r')}"):
        if all(child.tag == w("rPr") or (child.tag == w("t") and not child.text) for child in run):
            run.getparent().remove(run)


def _key(mark: Mark) -> str:
    return f"{mark.name}.{mark.column}" if mark.column else mark.name


def _has(named: Named, mark: Mark) -> bool:
    value = named.get(_key(mark))
    return value not in (None, "", (), [], 0)


def _whole(marks: Sequence[Mark]) -> list[Mark]:
    """The conditions of a paragraph that have no end in it: they are about all of it."""
    found: list[Mark] = []
    for one in marks:
        if one.sign == "?":
            found.append(one)
        elif one.sign == "/" and found:
            found.pop()
    return found


def _first_cut(marks: Sequence[Mark], named: Named) -> tuple[int, int] | None:
    """From where to where the first words are left out whose condition does not hold, the marks of the condition among them."""
    open_: list[Mark] = []
    for one in marks:
        if one.sign == "?":
            open_.append(one)
        elif one.sign == "/" and open_:
            begun = open_.pop()
            if not _has(named, begun):
                return begun.start, one.end
    return None


def _lines(named: Named, mark: Mark, paragraph: Any) -> bool:
    """Whether a value of several lines became so many paragraphs: where the paragraph holds nothing else."""
    value = named.get(_key(mark))
    text = text_of(paragraph)
    if not isinstance(value, str) or "\n" not in value or text.strip() != text[mark.start : mark.end]:
        return False
    lines = [line.strip() for line in value.splitlines() if line.strip()]
    for line in reversed(lines):
        copy = deepcopy(paragraph)
        paragraph.addnext(copy)
        _replace(copy, mark.start, mark.end, line, None)
    _drop(paragraph)
    return True


def _replace(paragraph: Any, start: int, end: int, value: Value, extras: Extras | None) -> None:
    """The words from start to end become the value; it looks as the words looked with which the placeholder began."""
    at, first, rest = 0, None, ""
    for one in paragraph.iter(w("t")):
        text = one.text or ""
        low, high = max(start - at, 0), min(end - at, len(text))
        if low < high:
            if first is None:
                first, rest = one, text[high:]
                one.text = text[:low]
            else:
                one.text = text[high:]
            one.set(_SPACE, "preserve")
        at += len(text)
    if first is None:
        return
    pieces = _pieces(value)
    if len(pieces) <= 1 and not any(isinstance(one, Picture) or one.note or "\n" in one.text for one in pieces):
        first.text = (first.text or "") + (pieces[0].text if pieces and isinstance(pieces[0], Piece) else "") + rest
        return
    _insert(first.getparent(), pieces, rest, extras)


def _insert(run: Any, pieces: Sequence[Piece | Picture], rest: str, extras: Extras | None) -> None:
    """Runs after a run: each piece with its footnote, pictures, then what stood behind the placeholder."""
    look, after = run.find(w("rPr")), run
    for one in (*pieces, Piece(rest)):
        made = [extras.picture(one)] if isinstance(one, Picture) and extras else []
        if isinstance(one, Piece) and one.text:
            made.append(_run(one.text, look))
        if isinstance(one, Piece) and one.note and extras:
            made.append(extras.note(one.note))
        for new in made:
            after.addnext(new)
            after = new


def _run(text: str, look: Any) -> Any:
    run = etree.Element(w("r"))
    if look is not None:
        run.append(deepcopy(look))
    for number, line in enumerate(text.split("\n")):
        if number:
            etree.SubElement(run, w("br"))
        found = etree.SubElement(run, w("t"))
        found.text = line
        found.set(_SPACE, "preserve")
    return run


def _pieces(value: Value) -> list[Piece | Picture]:
    if value is None:
        return []
    if isinstance(value, Picture):
        return [value]
    if isinstance(value, str | int | float | Decimal):
        return [Piece(written(value))]
    return [one for one in value if isinstance(one, Piece)]


def _drop(paragraph: Any) -> None:
    """The paragraph is gone; one that ends a section stays without words."""
    if paragraph.find(f"{w('pPr')}/{w('sectPr')}") is not None:
        for run in paragraph.findall(w("r")):
            paragraph.remove(run)
        return
    # what stands between two lines goes with the line below it
    below = paragraph.getnext() if _style_of(paragraph) == "LsCopies" else None
    for one in (paragraph, *([below] if below is not None and _style_of(below) == "LsRule" else [])):
        if (parent := one.getparent()) is not None:
            parent.remove(one)


# --- what depends on the words that came in


def _finish(root: Any) -> None:
    """The head fits its line, and who signs stands over the day."""
    size = next(iter(root.iter(w("pgSz"))), None)
    wide = size is not None and size.get(w("orient")) == "landscape"
    for one in list(root.iter(w("p"))):
        style = _style_of(one)
        if style == "LsMark":
            _fit_mark(one)
        elif style == "LsDay":
            _sign_over(one)
        elif style == "LsSign":
            _not_alone(one)
        elif style == "LsTitle":
            _balance(one, WIDE_SIGNS if wide else TITLE_SIGNS)


def _style_of(paragraph: Any) -> str:
    found = paragraph.find(f"{w('pPr')}/{w('pStyle')}")
    return "" if found is None else str(found.get(w("val"), ""))


def _fit_mark(paragraph: Any) -> None:
    """The red head is as large as its line allows (7.2.4: it stands out and fits)."""
    width = width_of(text_of(paragraph)) or 1
    size = min(STYLE["LsMark"].size, max(_SMALLEST_MARK, 156 / 25.4 * 72 / width))
    for run in paragraph.findall(w("r")):
        look = run.find(w("rPr"))
        if look is None:
            look = etree.Element(w("rPr"))
            run.insert(0, look)
        if look.find(w("sz")) is None:
            etree.SubElement(look, w("sz")).set(w("val"), str(int(size * 2) - 1))


def _not_alone(sign: Any) -> None:
    """The last words of the text go along where who signs comes on another page (7.3.5.4)."""
    before = sign.getprevious()
    while before is not None and before.tag == w("p"):
        told = before.find(w("pPr"))
        if told is not None and told.find(w("keepNext")) is None:
            keep = etree.Element(w("keepNext"))
            style = told.find(w("pStyle"))
            told.insert(0, keep) if style is None else style.addnext(keep)
        if text_of(before).strip():
            return
        before = before.getprevious()


def _balance(title: Any, most: int) -> None:
    """A title of several lines stands in lines of about one length (7.3.1)."""
    lines = title_lines(text_of(title), most)
    runs = [run for run in title.findall(w("r")) if text_of(run)]
    if len(lines) > 1 and len(runs) == 1:
        runs[0].addnext(_run("\n".join(lines), runs[0].find(w("rPr"))))
        title.remove(runs[0])


def _sign_over(day: Any) -> None:
    """The day stands four signs from the right, who signs in the middle over it (7.3.5.1)."""
    sign = day.getprevious()
    if sign is None or _style_of(sign) != "LsSign":
        return
    wide, over = width_of(text_of(day)), width_of(text_of(sign))
    right = max(_DAY_FROM_RIGHT, (over - wide) / 2 + 2)
    for one, signs in ((day, right), (sign, right + (wide - over) / 2)):
        told = one.find(w("pPr"))
        indent = told.find(w("ind"))
        if indent is None:
            indent = etree.Element(w("ind"))
            later = next((child for child in told if child.tag in _AFTER_INDENT), None)
            told.append(indent) if later is None else later.addprevious(indent)
        indent.set(w("right"), str(round(max(signs, 0) * _SIGN)))
