"""The golden outlines: what the headings and documents of real files are, without their words.

``python -m tests.outline.golden`` writes ``golden.tsv`` anew from the files in ``../shared``; the change is to be read like code.
Rows: a file; ``D`` a document (source span, kind, region code, level, years, complete, kinds of its gaps); ``S`` a section (source start,
level, number, part, first eight digits of the hash of its title); ``P`` the length of the stretches of each part.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from pathlib import Path

from luoshi.outline import outline_text
from luoshi.read import read_file

SHARED = Path(__file__).parents[2] / ".." / "shared"
TABLE = Path(__file__).with_name("golden.tsv")
FILES = (
    "seeds/compilation-2023-reports.txt",
    "seeds/daguan-2022-report.txt",
    "seeds/luyang-2023-report.txt",
    "seeds/xinzhan-2022-breakdown.txt",
    "seeds/yaohai-2020-plan-proposal.txt",
    "corpus/national/national_国务院_1995_政府工作报告.txt",
    "corpus/national/national_国务院_2021_政府工作报告.txt",
    "corpus/hebei/province_河北省_2005_政府工作报告.txt",
    "corpus/hebei/province_河北省_2018_政府工作报告.txt",
    "corpus/baoding-city/city_保定市_2026_政府工作报告.txt",
    "corpus/breakdowns-and-plans/city_济南市_2021_责任分解-数字先锋城市推进方案.txt",
    "corpus/breakdowns-and-plans/province_山东省_2021_任务分工-行动计划.txt",
    "corpus/shenzhen/district_深圳市坪山新区_2016_管委会工作报告.txt",
    "corpus/shenzhen/district_深圳市宝安区_2020_政府工作报告.txt",
    "corpus/shenzhen/district_深圳市龙岗区_2018_政府工作报告.txt",
    "corpus/shenzhen/province_广东省_2016_政府工作报告.txt",
)


def rows(name: str) -> list[str]:
    """The rows of one file."""
    outline = outline_text(read_file(SHARED / name))
    text = outline.text
    found = [name]
    for document in outline.documents:
        span = text.to_source(document.start, document.end)
        years = (document.review_year, document.plan_year, document.plan_years, document.review_years)
        gaps = ",".join(f"{kind}:{count}" for kind, count in sorted(Counter(gap.kind for gap in document.gaps).items()))
        found.append(
            "\t".join(
                map(str, ("D", span.start, span.end, document.kind, document.region_code, document.level, *years, document.complete, gaps))
            )
        )
    for section in outline.sections:
        title = text.clean[section.title_start : section.title_end].encode()
        found.append(
            "\t".join(
                map(
                    str,
                    (
                        "S",
                        text.to_source(section.start, section.end).start,
                        section.level,
                        section.number,
                        section.part,
                        hashlib.sha256(title).hexdigest()[:8],
                    ),
                )
            )
        )
    sizes: Counter[str] = Counter()
    for stretch in outline.stretches:
        sizes[stretch.part] += stretch.end - stretch.start
    found.append("\t".join(["P", *(f"{part}:{size}" for part, size in sorted(sizes.items()))]))
    return found


def golden() -> dict[str, list[str]]:
    """File → its rows as they were blessed."""
    found: dict[str, list[str]] = {}
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if "\t" not in line:
            name = line
        found.setdefault(name, []).append(line)
    return found


if __name__ == "__main__":
    TABLE.write_text("\n".join(row for name in FILES for row in rows(name)) + "\n", encoding="utf-8")
