"""Makes the picture of papers in ``docs/pictures``: a fictional bulletin, its leaves side by side, as LibreOffice draws them.

    python bench/paper_pictures.py [--out docs/pictures]

It needs ``soffice`` (package libreoffice-writer). The fonts that the standard asks for are sold; those of this picture stand in for them.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any, Final

import pypdfium2
from PIL import Image

from luoshi.publish.chart import UnitLights, draw_png, lights_chart
from luoshi.publish.papers import Picture, Piece, check, filled, kind_of, sample_values

ROOT: Final = Path(__file__).parents[1]
#: the fonts of the standard, and what stands in for each here
_FONTS: Final = {
    "仿宋_GB2312": "Noto Serif CJK SC", "楷体_GB2312": "Noto Serif CJK SC", "宋体": "Noto Serif CJK SC", "方正小标宋简体": "Noto Serif CJK SC:bold",
    "黑体": "Noto Sans CJK SC",
}  # fmt: skip
_UNITS: Final = (
    ("区住房和城乡建设局", 9, 7, 0, 2, 4, 2, 1), ("区交通运输局", 6, 5, 1, 0, 4, 1, 0), ("区卫生健康委员会", 5, 4, 0, 1, 2, 1, 1),
    ("区水利局", 4, 3, 0, 1, 3, 0, 0), ("南湾镇", 3, 3, 0, 0, 2, 1, 0),
)  # fmt: skip
_RACE: Final = ((1, "南湾镇", 96.5, 3), (2, "柳溪街道", 94, 4), (2, "霜桥街道", 94, 2), (4, "梅埠镇", 91.2, 3))
_KEYS: Final = ("name", "total", "live", "hung", "closed", "green", "middle", "red")


def bulletin() -> bytes:
    """A bulletin of a fictional district whose numbers add up."""
    units: list[dict[str, Any]] = [
        {"n": n, **dict(zip(_KEYS, one, strict=True)), "ended": 0, "dark": 0, "overdue": one[7]} for n, one in enumerate(_UNITS, 1)
    ]
    whole = {
        key: sum(one[key] for one in units)
        for key in ("total", "live", "hung", "closed", "ended", "green", "middle", "red", "dark", "overdue")
    }
    red = [
        ("重2026-000007", "新建口袋公园3个", "区住房和城乡建设局", "月报没有补上（月报逾期6天）", 6),
        ("民2026-000002", "社区医院中医馆4个", "区卫生健康委员会", "远低于序时进度", None),
    ]
    chart = lights_chart(
        "2026年3月各单位亮灯", [UnitLights(one["name"], {key: one[key] for key in ("green", "middle", "red")}) for one in units]
    )
    return filled("bulletin", {
        **sample_values(kind_of("bulletin")), **whole, "units": units, "day": "2026年4月2日", "office": "栖山区人民政府督查室",
        "mechanisms": [{"n": 1, "name": "重点任务督办", **whole}], "newly_filed": 4, "newly_closed": 2, "text": "",
        "reds": [dict(zip(("n", "matter", "title", "unit", "why", "late"), (n, *one), strict=True)) for n, one in enumerate(red, 1)],
        "race": [{"group": "镇街", **dict(zip(("place", "name", "score", "load"), one, strict=True))} for one in _RACE],
        "dues": [{"day": "2026年4月15日", "matter": "重2026-000009", "title": "改造老旧小区6个", "unit": "区住房和城乡建设局", "step": "办结期限"}],
        "dues_shown": 1, "dues_total": 1, "chart": Picture(draw_png(chart), "各单位亮灯"),
    })  # fmt: skip


def review() -> bytes:
    """The first lines of a draft with footnotes."""
    source, said = (
        "《2026年栖山区政府工作报告》：“新建口袋公园3个，年底前建成开放。”",
        "重2026-000007，区住房和城乡建设局2026年11月20日报送，佐证2件：验收单.pdf、照片.jpg。",
    )
    text = (Piece("新建口袋公园3个", source), Piece("：已办结，"), Piece("完成3个", said), Piece("（目标3个）", source), Piece("。"))
    summary = (
        Piece("2026年", "任务出自《2026年栖山区政府工作报告》。"), Piece("确定的任务"), Piece("54项", "截至2026年12月31日台账中2026年的事项。"),
        Piece("，已办结"), Piece("49项", "截至2026年12月31日已办结：重2026-000001等49件。"), Piece("。"),
    )  # fmt: skip
    about = {"day": "2026年12月31日", "office": "栖山区人民政府督查室", "region": "澜州市栖山区", "year": "2026"}
    return filled("review", {**about, "summary": summary, "paragraphs": [{"head": "一、城市更新"}, {"text": text}]})


def pages(docx: bytes, folder: Path, name: str) -> list[Image.Image]:
    """The pages as LibreOffice draws them."""
    office = shutil.which("soffice")
    if office is None:
        raise SystemExit("没有 soffice：请安装 libreoffice-writer")
    path = folder / f"{name}.docx"
    path.write_bytes(docx)
    told = [f"file://{folder / 'office'}", str(folder), str(path)]
    subprocess.run(
        [office, f"-env:UserInstallation={told[0]}", "--headless", "--convert-to", "pdf", "--outdir", told[1], told[2]],
        check=True, capture_output=True, env={**os.environ, "FONTCONFIG_FILE": str(fonts(folder))}, timeout=180,
    )  # fmt: skip
    return [page.render(scale=1.1).to_pil().convert("RGB") for page in pypdfium2.PdfDocument(path.with_suffix(".pdf"))]


def fonts(folder: Path) -> Path:
    """A file that tells which fonts stand in for those of the standard."""
    rules = []
    for wanted, given in _FONTS.items():
        name, _, weight = given.partition(":")
        bold = '<edit name="weight" mode="assign" binding="strong"><const>bold</const></edit>' if weight else ""
        rules.append(
            f'<match target="pattern"><test name="family"><string>{wanted}</string></test>'
            f'<edit name="family" mode="assign" binding="strong"><string>{name}</string></edit>{bold}</match>'
        )
    path = folder / "fonts.conf"
    head = '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><include ignore_missing="yes">/etc/fonts/fonts.conf</include>'
    path.write_text(f"{head}{''.join(rules)}</fontconfig>", encoding="utf-8")
    return path


def beside(found: list[Image.Image], gap: int = 14) -> Image.Image:
    """The pages side by side."""
    width, height = sum(one.width for one in found) + gap * (len(found) + 1), max(one.height for one in found) + 2 * gap
    whole, at = Image.new("RGB", (width, height), "#8c9196"), gap
    for one in found:
        whole.paste(one, (at, gap))
        at += one.width + gap
    return whole


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "pictures")
    out = parser.parse_args().out
    papers = {"bulletin": bulletin(), "review": review()}
    for name, docx in papers.items():
        if wrong := check(docx):
            raise SystemExit(f"{name}: {wrong[0]}")
    with tempfile.TemporaryDirectory(prefix="luoshi-papers-") as folder:
        found = [*pages(papers["bulletin"], Path(folder), "bulletin")[:2], *pages(papers["review"], Path(folder), "review")[:1]]
        beside(found).quantize(64).save(out / "papers.png", optimize=True)
    print(f"{len(found)} leaves in {out / 'papers.png'}")


if __name__ == "__main__":
    main()
