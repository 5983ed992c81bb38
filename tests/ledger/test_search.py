"""The search: what is found is what a plain look through all texts finds, on both databases."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from luoshi.errors import LuoshiError
from luoshi.ledger import search
from luoshi.ledger.scope import Scope
from luoshi.ledger.search import Found, Query, SearchRow, tag
from luoshi.ledger.search.find import MOST, window
from luoshi.ledger.search.fold import clean, fold, marks
from luoshi.ledger.search.query import folded_words
from luoshi.ledger.search.row import bucket, numbers, stored
from luoshi.ledger.search.table import index_of
from luoshi.ledger.search.token import row_tokens
from luoshi.ledger.search.wanted import ANYWHERE, wanted

#: few characters, so that random words are often found; of every sort that an index might treat apart
ALPHABET = "发展发展产业增长水〇aAzZ19 .,，。、;；:：!！(（)）%％\"'“”‘’*-_+=&|^~`#@$/\\<>[]{}?？\t\n　\u00a0\u00adⅡＧｄ㎡①½éßſ￥Ｎ\u200b\ufeff\x00\ud800\udfff\ufffd😀𠀀\x85\ue000"
TEXTS = st.text(alphabet=ALPHABET, max_size=30)
SETTINGS = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def table(db: None) -> None:
    """An empty table; all that a test changes is rolled back."""
    search.clear(connection)
    if connection.vendor == "postgresql":
        # with few rows the planner would look through all of them, and the index would not be tested
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")


def make(key: str, words: str = "", *, name: str = "", kind: str = "passage", **more: Any) -> SearchRow:
    return SearchRow(kind=kind, key=key, document=more.pop("document", "d1"), name=name, words=words, **more)


def find(words: str = "", *filters: Sequence[str], **more: Any) -> Found:
    return search.find(connection, Query(words, tuple(map(tuple, filters)), **more))


def keys(found: Found) -> list[str]:
    return [hit.key for hit in found.hits]


# --- what is found


@given(
    texts=st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=8),
    words=st.lists(TEXTS.filter(str.strip), min_size=1, max_size=3),
    data=st.data(),
)
@SETTINGS
def test_finds_what_a_plain_look_finds(table: None, texts: list[tuple[str, str]], words: list[str], data: st.DataObject) -> None:
    """Words at random, and words cut from the texts."""
    name, text = data.draw(st.sampled_from(texts))
    source = data.draw(st.sampled_from([name, text]))
    at = data.draw(st.integers(0, max(len(source) - 1, 0)))
    asked = " ".join([*words[1:], source[at : at + data.draw(st.integers(1, 9))] or words[0]])
    rows = [make(f"p{place}", text, name=name) for place, (name, text) in enumerate(texts)]
    search.clear(connection)
    search.put(connection, rows)
    if not (parts := folded_words(asked)):
        with pytest.raises(LuoshiError, match="search-empty"):
            find(asked)
        return
    found = find(asked)
    plain = {row.key for row in rows if all(part in fold(row.name) or part in fold(row.words) for part in parts)}
    assert set(keys(found)) == plain
    assert (found.total, found.more) == (len(plain), False)


@given(text=TEXTS, data=st.data())
@SETTINGS
def test_finds_every_stretch_of_a_text(table: None, text: str, data: st.DataObject) -> None:
    """Cut anywhere, written in another width or case, a stretch without blanks and quotes finds its text."""
    at = data.draw(st.integers(0, len(text)))
    stretch = text[at : at + data.draw(st.integers(1, 12))]
    if not folded_words(stretch) or any(char.isspace() or char in '"＂“”' or fold(char) == " " for char in stretch):
        return
    search.clear(connection)
    search.put(connection, [make("here", text), make("elsewhere", "别处")])
    for written in (stretch, stretch.upper(), stretch.swapcase(), fold(stretch)):
        if fold(written) == fold(stretch) and '"' not in fold(written):
            assert "here" in keys(find(written))
    hit = next(hit for hit in find(stretch).hits if hit.key == "here")
    assert fold(stretch) in [fold(hit.snippet[start:end]) for start, end in hit.marks] or len(hit.marks) > 0


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("全区ＧＤＰ增长６．５％", "gdp增长6.5%"),
        ("GDP达到391.5亿元，增长6%", "391.5亿"),
        ("“十四五”规划", "“十四五”规划"),
        ("“十四五”规划", "十四五"),
        ("区财政局（国资局）", "区财政局(国资局)"),
        ("栖山 区", '"栖山 区"'),
        ("栖山　区", '"栖山 区"'),
        ("100㎡以上", "100m2"),
        ("𠀀水河", "𠀀水"),
        ("⼯业强区", "工业"),
        ("软\u00ad件园", "软件园"),
        ("水", "水"),
        ("问：能否？", "：能"),
        ("问：能否？", ":能否?"),
    ],
)
def test_width_case_and_signs(table: None, text: str, asked: str) -> None:
    search.put(connection, [make("here", text), make("elsewhere", "栖山别处的话")])
    assert keys(find(asked)) == ["here"]


def test_pairs_that_stand_apart_are_no_word(table: None) -> None:
    search.put(
        connection, [make("apart", "经济发达，济发不同，发展"), make("whole", "促进经济发展"), make("name", "无", name="经济发展局")]
    )
    assert set(keys(find("经济发展"))) == {"whole", "name"}


def test_words_may_stand_in_name_and_text(table: None) -> None:
    search.put(connection, [make("both", "全年增长6%", name="地区生产总值"), make("one", "全年增长6%", name="进出口总额")])
    assert keys(find("生产总值 增长")) == ["both"]


# --- what is asked


@pytest.mark.parametrize("words", ["", "  ", "　\t\n", '""', "“”", '"  "', "\u200b", "\xad\ufeff"])
def test_nothing_to_search_for_is_said(table: None, words: str) -> None:
    with pytest.raises(LuoshiError, match="search-empty"):
        find(words)


@pytest.mark.parametrize("words", ["发" * 10_000, "发展 " * 4_000, " ".join(map(str, range(10, 60)))])
def test_too_long_is_said(table: None, words: str) -> None:
    with pytest.raises(LuoshiError, match="search-too-long"):
        find(words)


@pytest.mark.parametrize(
    "words",
    [
        '"', '"""', "'", "'; DROP TABLE ledger_search; --", '" OR "1"="1', "a AND b", "NOT", "OR", "NEAR(发展, 2)", "name:发展", "发*", "^发展", "{a b}:c", "-发展",
        "(发展", ")", "\\", "%", "_", "%%s", "%s", "{}", "\x00", "发\x00展", "\ud800", "😀", "，。！", "*", "a'b", "$$", "::bigint", "[2:]", "+", "col : x",
    ],
)  # fmt: skip
def test_signs_of_query_languages_are_plain_text(table: None, words: str) -> None:
    search.put(connection, [make("sign", f"前{words}后"), make("other", "别的话")])
    assert keys(find(words)) == ["sign"]


@pytest.mark.parametrize("key", ["a'b", 'a"b', "%s", "发展", "x" * 60])
def test_keys_and_tags_are_plain_text(table: None, key: str) -> None:
    search.put(connection, [make(key, "发展", document=key, tags=(tag("organisation", key),)), make("other", "发展")])
    assert keys(find("发展", [tag("organisation", key)])) == [key]
    assert keys(find("发展", [tag("document", key)])) == [key]
    search.remove(connection, [("passage", key)])
    assert keys(find("发展")) == ["other"]


def test_unknown_kinds_and_ranks_are_refused(table: None) -> None:
    for row in (make("a", kind="thing"), make("a", rank=16), make("a", rank=-1)):
        with pytest.raises(LuoshiError, match="bad-usage"):
            search.put(connection, [row])


# --- filters and scope


def test_filters(table: None) -> None:
    def fact(key: str, region: str, role: str, year: int, kind: str = "measure") -> SearchRow:
        regions = (tag("region", "990000"), tag("region", region))
        return make(key, "粮食产量增长", kind=kind, tags=(*regions, tag("role", role)), year=year, document=f"d{year}")

    search.put(
        connection, [fact("a", "990101", "target", 2025), fact("b", "990102", "result", 2025), fact("c", "990102", "target", 2026, "task")]
    )
    assert set(keys(find("粮食", ["r990000"]))) == {"a", "b", "c"}
    assert keys(find("粮食", ["r990101"])) == ["a"]
    assert set(keys(find("粮食", ["r990101", "r990102"], [tag("role", "Target")]))) == {"a", "c"}
    assert keys(find("粮食", kinds=("task",))) == ["c"]
    assert set(keys(find("粮食", kinds=("task", "measure")))) == {"a", "b", "c"}
    assert keys(find("粮食", [tag("year", 2025)], [tag("role", "result")])) == ["b"]
    assert keys(find("", [tag("document", "d2026")])) == ["c"]
    assert find("粮食", []).total == 0
    assert find("小麦", ["r990000"]).total == 0


def test_filters_never_match_text_nor_text_filters(table: None) -> None:
    search.put(connection, [make("tagged", "无关", tags=("y2026", "发展")), make("text", "Ｔy2026 Ｎ发展 y2026")])
    assert keys(find("", ["y2026"])) == ["tagged"]
    assert keys(find("发展")) == ["text"]
    assert keys(find("y2026")) == ["text"]


@pytest.mark.parametrize(
    ("scope", "seen"),
    [
        (Scope.whole(), {"here", "there", "nowhere", "ours", "theirs", "far"}),
        (Scope.nothing(), set()),
        (Scope(regions=frozenset({"990102"}), item_regions=frozenset()), {"here"}),
        (Scope(regions=frozenset({""}), item_regions=frozenset()), {"nowhere"}),
        (Scope(regions=frozenset(), item_regions=frozenset({"990102"})), {"ours", "theirs"}),
        (Scope(regions=None, item_regions=None, units=frozenset({"ofinance"})), {"here", "there", "nowhere", "ours", "far"}),
        (Scope(regions=frozenset({"990102"}), item_regions=frozenset({"990102"}), units=frozenset({"ofinance"})), {"here", "ours"}),
        (Scope(regions=frozenset({"990102"}), item_regions=None, units=frozenset()), {"here"}),
    ],
)
def test_scope(table: None, scope: Scope, seen: set[str]) -> None:
    units = {"ours": ("ofinance", "oparks"), "theirs": ("oparks",), "far": ("ofinance",)}
    search.put(connection, [make("here", "绿化", region="990102"), make("there", "绿化", region="990103"), make("nowhere", "绿化")])
    search.put(
        connection,
        [
            make(
                key,
                "绿化",
                kind="item",
                region="990103" if key == "far" else "990102",
                tags=tuple(tag("organisation", unit) for unit in of),
            )
            for key, of in units.items()
        ],
    )
    assert set(keys(find("绿化", scope=scope))) == seen
    for hit in find("绿化").hits:
        region = {"there": "990103", "far": "990103", "nowhere": ""}.get(hit.key, "990102")
        may = scope.sees_item(region, units[hit.key]) if hit.kind == "item" else scope.sees_document(region)
        assert may == (hit.key in seen)


CODES = ("", "990100", "990102", "990103")
REGIONS = st.none() | st.frozensets(st.sampled_from((*CODES, "990199")))


@given(
    rows=st.lists(
        st.tuples(st.sampled_from(["item", "passage"]), st.sampled_from(CODES), st.sets(st.sampled_from(["ofinance", "oparks"]))),
        max_size=6,
    ),
    scope=st.builds(
        Scope,
        regions=REGIONS,
        item_regions=REGIONS,
        units=st.sampled_from([None, frozenset(), frozenset({"ofinance"}), frozenset({"ofinance", "onone"}), frozenset({"onone"})]),
    ),
)
@SETTINGS
def test_just_what_somebody_may_see(table: None, rows: list[tuple[str, str, set[str]]], scope: Scope) -> None:
    search.clear(connection)
    search.put(
        connection,
        [
            make(f"r{place}", "绿化", kind=kind, region=code, tags=tuple(tag("organisation", unit) for unit in units))
            for place, (kind, code, units) in enumerate(rows)
        ],
    )
    may = {
        f"r{place}"
        for place, (kind, code, units) in enumerate(rows)
        if (scope.sees_item(code, units) if kind == "item" else scope.sees_document(code))
    }
    assert set(keys(find("绿化", scope=scope))) == may


# --- order, pages, counts


def test_order(table: None) -> None:
    rows = [
        make("anywhere", "在文中说到生产总值", year=2026),
        make("in name, open", name="地区生产总值增速", year=2026, rank=1),
        make("in name, old", name="地区生产总值", year=2020),
        make("in name, new", name="地区生产总值", year=2026),
        make("whole, open", name="生产总值", year=2020, rank=2),
        make("longer", "在很长很长的文中说到生产总值", year=2026),
        make("no year", "生产总值"),
    ]
    for seed in range(3):
        search.clear(connection)
        search.put(connection, random.Random(seed).sample(rows, len(rows)))  # noqa: S311 - an order, no secret
        found = find("生产总值")
        assert keys(found) == ["whole, open", "in name, new", "in name, old", "in name, open", "anywhere", "longer", "no year"]
        assert [hit.tier for hit in found.hits] == [0, 1, 1, 1, 2, 2, 2]


def test_one_name_may_be_longer_than_what_the_index_holds_of_it(table: None) -> None:
    long = "关于" + "推进" * 30
    search.put(connection, [make("longer", name=long + "甲"), make("whole", name=long)])
    assert [(hit.key, hit.tier) for hit in find(long).hits] == [("whole", 0), ("longer", 1)]


def many(count: int) -> list[SearchRow]:
    made = random.Random(4)  # noqa: S311 - figures, no secret
    return [
        make(
            f"p{place}",
            "农业发展" + "的" * made.randrange(5),
            rank=made.randrange(4),
            year=made.choice([None, 2019, 2024, 2025]),
            kind="measure",
        )
        for place in range(count)
    ]


def test_pages_show_each_row_once(table: None) -> None:
    rows = many(150)
    search.put(connection, rows)
    whole = find("发展", limit=200)
    assert (whole.total, whole.more) == (150, False)
    paged = [key for offset in range(0, 160, 20) for key in keys(find("发展", limit=20, offset=offset))]
    assert paged == keys(whole)
    by_key = {row.key: row for row in rows}
    assert paged == sorted(paged, key=lambda key: (bucket(by_key[key]), len(by_key[key].words), paged.index(key)))
    assert keys(find("发展", limit=20, offset=150)) == keys(find("发展", limit=0)) == []


def test_of_many_the_best_are_shown_and_it_says_so(table: None) -> None:
    rows = many(MOST + 300)
    search.put(connection, rows)
    found = find("发展", limit=200)
    assert (found.total, found.more) == (MOST, True)
    best = sorted(bucket(row) for row in rows)
    by_key = {row.key: row for row in rows}
    assert [bucket(by_key[key]) for key in keys(found)] == best[:200]
    last = find("发展", limit=200, offset=MOST - 10)
    assert [bucket(by_key[hit.key]) for hit in last.hits] == best[MOST - 10 : MOST]
    search.remove(connection, [(row.kind, row.key) for row in rows[MOST:]])
    assert (find("发展").total, find("发展").more) == (MOST, False)


def test_facets_count_the_rows_found(table: None) -> None:
    search.put(
        connection,
        [
            make("a", "发展", year=2025, tags=("ttarget",)),
            make("b", "发展", year=2025, kind="task"),
            make("c", "发展", year=2026),
            make("d", "别的"),
        ],
    )
    facets = {facet.about: facet.counts for facet in find("发展").facets}
    assert facets == {"kind": (("passage", 2), ("task", 1)), "year": (("2025", 2), ("2026", 1)), "role": (("target", 1),)}


# --- highlights


def test_marks_are_places_in_the_text_as_written(table: None) -> None:
    search.put(connection, [make("a", "前言。" * 40 + "全区ＧＤＰ达到391亿元，面积100㎡" + "。后记" * 40, name="GDP 总量")])
    hit = find("gdp m2").hits[0]
    assert [hit.snippet[start:end] for start, end in hit.marks] == ["ＧＤＰ", "㎡"]
    assert [hit.name[start:end] for start, end in hit.name_marks] == ["GDP"]
    assert hit.start > 0
    assert hit.cut
    assert len(hit.snippet) < 120


@given(text=TEXTS, words=st.lists(TEXTS.map(fold).filter(bool), max_size=3))
def test_marks_are_all_places(text: str, words: list[str]) -> None:
    found = marks(text, words)
    for start, end, word in found:
        assert 0 <= start < end <= len(text)
        assert word in fold(text[start:end])
    assert {word for *_, word in found} == {word for word in words if word in fold(text)}


@given(places=st.lists(st.tuples(st.integers(0, 900), st.integers(1, 20), st.sampled_from("甲乙丙")), max_size=9))
def test_window_shows_a_word(places: list[tuple[int, int, str]]) -> None:
    spans = sorted((start, start + length, word) for start, length, word in places)
    start, end = window(spans, 1000)
    assert 0 <= start < end <= 1000
    assert not spans or any(start <= left and right <= end for left, right, _ in spans)


# --- folding


@given(left=st.text(), right=st.text())
def test_folding_and_cutting_may_change_places(left: str, right: str) -> None:
    assert fold(left + right) == fold(left) + fold(right)


@pytest.mark.slow
def test_folded_text_leaves_room_for_the_signs_of_the_index() -> None:
    """Of every character there is: what is folded is folded, and none of it is a sign by which the index knows names, tags or blanks."""
    folded = fold("".join(map(chr, range(0x110000))))
    assert fold(folded) == folded
    assert not set(folded) & {*"ＮＸＴ\u00a0\x7f", *map(chr, range(0x20)), *map(chr, range(0x80, 0xA0))}
    assert folded.encode()


@given(text=st.text())
def test_clean_text_keeps_its_places(text: str) -> None:
    assert len(clean(text)) == len(text)
    assert fold(clean(text)) == fold(text)
    assert clean(text).encode().count(0) == 0


# --- changes


def plain_state(rows: dict[tuple[str, str], SearchRow]) -> None:
    """The index holds of these rows exactly what it should: asked for every token without looking at the table."""
    index = index_of(connection)
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, kind, key FROM ledger_search")
        places = {number: (kind, key) for number, kind, key in cursor.fetchall()}
        assert set(places.values()) == set(rows)
        for word in ("发展", "产业", "水", "a1"):
            question = wanted((word,), ANYWHERE, (), position=index.POSITION)
            holding = {place for place, row in rows.items() if word in fold(row.name) or word in fold(row.words)}
            assert {places[number] for number in index.asking(cursor, ())(question, 99)} == holding


CHANGES = st.lists(
    st.tuples(
        st.sampled_from(["put", "remove"]),
        st.lists(st.tuples(st.integers(0, 5), TEXTS, st.integers(0, 2), st.sampled_from([None, 2025, 2026])), max_size=4),
    ),
    max_size=6,
)


@given(changes=CHANGES)
@SETTINGS
def test_any_changes_leave_what_was_put_last(table: None, changes: list[tuple[str, list[tuple[int, str, int, int | None]]]]) -> None:
    search.clear(connection)
    model: dict[tuple[str, str], SearchRow] = {}
    for act, values in changes:
        rows = [make(f"k{key}", text, rank=rank, year=year) for key, text, rank, year in values]
        if act == "put":
            search.put(connection, rows)
            model.update({(row.kind, row.key): row for row in rows})
        else:
            search.remove(connection, [(row.kind, row.key) for row in rows])
            for row in rows:
                model.pop((row.kind, row.key), None)
        plain_state(model)


def test_a_row_put_again_is_left_alone(table: None, django_assert_no_writes: list[str]) -> None:
    rows = [make(f"p{place}", f"发展{place}", name="ＧＤＰ", tags=("ttarget",), year=2025, region="990102") for place in range(20)]
    search.put(connection, rows)
    django_assert_no_writes.clear()
    search.put(connection, rows)
    assert not [sql for sql in django_assert_no_writes if not sql.lstrip().startswith("SELECT")]
    search.put(connection, [rows[0], make("p1", "改了")])
    assert keys(find("改了")) == ["p1"]
    assert find("发展1").total == 10


@pytest.fixture
def django_assert_no_writes() -> Iterator[list[str]]:
    """The statements sent while the test runs."""
    sent: list[str] = []

    def note(execute: Any, sql: str, *rest: Any) -> Any:
        sent.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        yield sent


def test_in_bulk_as_one_by_one(table: None) -> None:
    rows = many(60)
    with search.bulk(connection):
        for at in range(0, 60, 7):
            search.put(connection, rows[at : at + 7])
    assert find("农业").total == 60
    search.put(connection, [make("after", "农业")])
    search.remove(connection, [(row.kind, row.key) for row in rows])
    assert keys(find("农业")) == ["after"]


def test_numbers_are_not_given_twice(table: None) -> None:
    """A row that keeps its number while a new one of its bucket comes in the same call, and the last of a bucket removed before one comes."""
    search.put(connection, [make("a", "发展"), make("b", "发展")])
    search.put(connection, [make("c", "发展"), make("b", "发展二")])
    search.remove(connection, [("passage", "c")])
    search.put(connection, [make("d", "发展四")])
    assert set(keys(find("发展"))) == {"a", "b", "d"}


def test_create_and_drop(db: None) -> None:
    with transaction.atomic():
        search.drop(connection)
        search.drop(connection)
        search.create(connection)
        search.put(connection, [make("a", "发展")])
        assert keys(find("发展")) == ["a"]
        transaction.set_rollback(True)


def test_writers_and_readers_at_once(real_db: None) -> None:
    """Four writers of one bucket and two readers, each on a connection of its own: nobody fails, nothing is lost, nothing is given twice."""
    search.clear(connection)
    done, failed = threading.Event(), list[BaseException]()

    def write(writer: int) -> None:
        for turn in range(5):
            with transaction.atomic():
                search.put(connection, [make(f"w{writer}-{turn}-{place}", f"发展第{place}号") for place in range(20)])

    def read(_: int) -> None:
        while not done.is_set():
            assert {hit.key.partition("-")[0] for hit in find("发展").hits} <= {"w0", "w1", "w2", "w3"}

    def guarded(act: Callable[[int], None], number: int) -> None:
        try:
            act(number)
        except BaseException as error:  # noqa: BLE001 - told to the test
            failed.append(error)
        finally:
            connection.close()

    writers = [threading.Thread(target=guarded, args=(write, number)) for number in range(4)]
    readers = [threading.Thread(target=guarded, args=(read, number)) for number in range(2)]
    for thread in (*writers, *readers):
        thread.start()
    for thread in writers:
        thread.join()
    done.set()
    for thread in readers:
        thread.join()
    found = find("发展", limit=1)
    search.clear(connection)
    assert not failed
    assert found.total == 400


@given(name=TEXTS, text=TEXTS, tags=st.lists(st.text(alphabet="ab1-_.|发展 ", max_size=8), max_size=3), part=st.integers(0, 2**15 - 1))
@SETTINGS
def test_the_function_of_the_database_makes_our_numbers(table: None, name: str, text: str, tags: list[str], part: int) -> None:
    """On PostgreSQL the tokens are made by the server; they are those that questions are made of."""
    if connection.vendor != "postgresql":
        return
    from luoshi.ledger.search.postgresql import number_of

    row = stored(make("a", text, name=name, tags=tuple(tags)), numbers(part).start + 77_777)
    arguments = (
        row.id,
        row.name if row.name_folded is None else row.name_folded,
        row.words if row.words_folded is None else row.words_folded,
        row.tags,
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT ledger_search_tokens(%s::bigint, %s, %s, %s)", arguments)
        (made,) = cursor.fetchone()
    ours = set(map(number_of, row_tokens(arguments[1], arguments[2], row.tags))) | {1 << 61 | row.id >> 14}
    firsts = {1 << 43 | ord(arguments[1][0])} if arguments[1] else set()
    assert ours | firsts == set(made)


def test_another_database_is_refused() -> None:
    class Other:
        vendor = "oracle"

    with pytest.raises(LuoshiError, match="bad-usage"):
        index_of(Other())  # type: ignore[arg-type]
