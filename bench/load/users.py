"""People at work: each opens pages as the role has need of them, reads for a while, follows links, now and then writes."""

from __future__ import annotations

import random
import re
import threading
from collections.abc import Callable
from html import unescape

from texts import CITIES, LAST_YEAR, PLACES, PROVINCE

from browser import Browser, Notes
from ledger import PASSWORD, Person, code_of

#: a page is looked at for so many seconds, a fact in the reading room for so many
READS, CHECKS = (2.0, 8.0), (0.8, 2.5)
_COMMON = ("发展", "建设", "项目", "产业", "经济", "改造", "增长", "推进", "地区生产总值", "产业园", "污水处理厂", "环境治理")
_SYLLABLES = "澜沐霁砚桐栖云鹭霜石梅墨苍汀松青竹柏荷麓沙晴望枕秋知鹤临听朝远银锦"
_INDICATORS = (
    "gdp",
    "gdp_per_capita",
    "national_income",
    "secondary_value_added",
    "services_revenue",
    "modern_services",
    "producer_services",
)
_FACT = re.compile(r'"(f[a-z2-7]{20})"')


class User:
    """One person with a browser."""

    def __init__(self, person: Person, host: str, port: int, notes: Notes, *, think: float) -> None:
        self.person, self.browser = person, Browser(host, port, notes)
        self.made = random.Random(person.username)  # noqa: S311
        self._think = think
        self._documents: list[str] = []
        self._items: list[str] = []
        self._organisations: list[str] = []
        self._acts = _acts_of(person.role)
        self._links: list[str] = []

    def work(self, stop: threading.Event) -> None:
        """Signs in, then works until told to stop."""
        if stop.wait(self.made.uniform(0, 6) * min(self._think, 1)):
            return
        self.sign_in()
        names, weights = list(self._acts), list(self._acts.values())
        while not stop.is_set():
            act: Callable[[threading.Event], None] = getattr(self, self.made.choices(names, weights)[0])
            act(stop)
            stop.wait(self._pause(*READS))

    def sign_in(self) -> None:
        self.browser.get("signin", "/signin")
        text = self.browser.post_form("signin", "/signin", {"username": self.person.username, "password": PASSWORD})
        if "/signout" not in text:
            raise RuntimeError(f"{self.person.username} was not let in")
        self._links = [link for link in re.findall(r'<li><a href="(/[^"]*)"', text) if link.startswith("/admin")]

    def _pause(self, least: float, most: float) -> float:
        return self.made.uniform(least, most) * self._think

    def _follow(self, text: str, pattern: str, kept: list[str]) -> None:
        kept[:] = list(dict.fromkeys(re.findall(pattern, text))) or kept

    # --- pages

    def home(self, stop: threading.Event) -> None:
        text = self.browser.get("home", "/")
        self._follow(text, r'"/documents/(d[a-z2-7]{20})', self._documents)

    def documents(self, stop: threading.Event) -> None:
        made, query = self.made, dict[str, object]()
        kind = made.random()
        if kind < 0.2:
            query = {"region": code_of(made.choice(PLACES).full)}
        elif kind < 0.35:
            query = {"year": made.randint(2015, LAST_YEAR), "kind": "report"}
        elif kind < 0.5:
            query = {"page": made.randint(2, 6)}
        elif kind < 0.6:
            query = {"checking": made.choice(("some", "none", "disputed"))}
        elif kind < 0.7:
            query = {"sort": made.choice(("title", "-facts", "year", "region"))}
        elif kind < 0.8:
            query = {"q": made.choice(PLACES).county}
        text = self.browser.get("documents", "/documents", query)
        self._follow(text, r'"/documents/(d[a-z2-7]{20})', self._documents)

    def document(self, stop: threading.Event) -> None:
        if not self._documents:
            self.documents(stop)
            stop.wait(self._pause(*READS))
        if self._documents:
            self.browser.get("document", f"/documents/{self.made.choice(self._documents)}")

    def room(self, stop: threading.Event) -> None:
        """Opens the reading room; who may checks some facts, one after the other."""
        if not self._documents:
            self.documents(stop)
            stop.wait(self._pause(*READS))
        if not self._documents:
            return
        document = self.made.choice(self._documents)
        text = self.browser.get("room", f"/documents/{document}/room")
        facts = list(dict.fromkeys(_FACT.findall(text)))
        if self.person.role not in ("supervisor", "appraiser") or not facts:
            return
        at, done = self.made.randrange(len(facts)), ""
        for fact in facts[at : at + self.made.randint(3, 8)]:
            if stop.wait(self._pause(*CHECKS)):
                return
            word = "reject" if self.made.random() < 0.1 else "accept"
            done = str(self.browser.post_json(f"room.{word}", f"/documents/{document}/room/{word}", {"facts": [fact]}).get("undo", ""))
        if done and self.made.random() < 0.15:
            self.browser.post_json("room.undo", f"/documents/{document}/room/undo", {"span": done})

    def ledger(self, stop: threading.Event) -> None:
        made = self.made
        query = made.choice((
            {}, {}, {"kind": "measure", "role": "target"}, {"year": str(made.randint(2010, LAST_YEAR))}, {"sort": "-value", "kind": "measure"},
            {"region": code_of(made.choice(PLACES).full)}, {"region": code_of(f"{PROVINCE}{made.choice(CITIES)}"), "kind": "task"},
            {"state": "open", "kind": "project"}, {"sort": "name", "year": str(made.randint(2018, LAST_YEAR))}, {"page": made.randint(2, 60)},
            {"q": made.choice(_COMMON)}, {"q": self._rare()}, {"indicator": made.choice(_INDICATORS), "sort": "-year"},
            {"state": "disputed"}, {"document_kind": "breakdown", "role": "target"}, {"kind": "measure", "page": made.randint(2, 20), "sort": "year"},
        ))  # fmt: skip
        text = self.browser.get("ledger", "/ledger", query)
        self._follow(text, r'"/documents/(d[a-z2-7]{20})', self._documents)
        if self.person.role == "supervisor" and made.random() < 0.06:
            chosen = re.findall(r'name="id" value="(f[a-z2-7]{20})"', text)[:5]
            if chosen and not stop.wait(self._pause(*READS)):
                self.browser.post_form("ledger.bulk", "/ledger/bulk/accept", {"id": chosen, "next": "/ledger"})

    def search(self, stop: threading.Event) -> None:
        made = self.made
        rare = made.random() < 0.5
        words = self._rare() if rare else made.choice(_COMMON)
        query: dict[str, object] = {"q": words if made.random() < 0.8 else f"{words} {made.choice(_COMMON)}"}
        if made.random() < 0.25:
            query["region"] = code_of(f"{PROVINCE}{made.choice(CITIES)}")
        if made.random() < 0.2:
            query["year"] = made.randint(2012, LAST_YEAR)
        self.browser.get("search, rare" if rare else "search, common", "/search", query)

    def _rare(self) -> str:
        return "".join(self.made.choices(_SYLLABLES, k=2))

    def items(self, stop: threading.Event) -> None:
        made = self.made
        query = made.choice(
            (
                {},
                {},
                {"year": str(LAST_YEAR)},
                {"q": made.choice(_COMMON)},
                {"sort": "due"},
                {"page": made.randint(2, 20)},
                {"lead": "财政局"},
            )
        )
        text = self.browser.get("items", "/items", query)
        self._follow(text, r'"/item/(i[a-z2-7]{20})', self._items)

    def item(self, stop: threading.Event) -> None:
        """Opens an item; a supervisor sometimes gives it another date."""
        if not self._items:
            self.items(stop)
            stop.wait(self._pause(*READS))
        if not self._items:
            return
        item = self.made.choice(self._items)
        text = self.browser.get("item", f"/item/{item}")
        self._follow(text, r'"/organisations/(o[a-z2-7]{20})', self._organisations)
        if self.person.role == "supervisor" and self.made.random() < 0.2 and not stop.wait(self._pause(*READS)):
            due = f"{LAST_YEAR}-{self.made.randint(1, 12):02}-{self.made.randint(1, 28):02}"
            self.browser.post_form("item.correct", f"/item/{item}/correct", {"due": due})

    def indicator(self, stop: threading.Event) -> None:
        if self.made.random() < 0.2:
            self.browser.get("indicators", "/indicators")
            return
        query = {"region": code_of(self.made.choice(PLACES).full)} if self.made.random() < 0.4 else None
        self.browser.get("indicator", f"/indicators/{self.made.choice(_INDICATORS)}", query)

    def region(self, stop: threading.Event) -> None:
        if self.made.random() < 0.2:
            self.browser.get("regions", "/regions")
            return
        place = self.made.choice(PLACES)
        self.browser.get("region", f"/regions/{code_of(place.full if self.made.random() < 0.8 else PROVINCE + place.city)}")

    def organisation(self, stop: threading.Event) -> None:
        if self._organisations:
            self.browser.get("organisation", f"/organisations/{self.made.choice(self._organisations)}")
        else:
            text = self.browser.get("organisations", "/organisations")
            self._follow(text, r'"/organisations/(o[a-z2-7]{20})', self._organisations)

    def export(self, stop: threading.Event) -> None:
        """A table of some hundred to some thousand rows is taken away."""
        form = self.made.choice(("xlsx", "csv"))
        query: dict[str, object] = {"region": code_of(self.made.choice(PLACES).full), "year": str(self.made.randint(2012, LAST_YEAR))}
        if self.made.random() < 0.4:
            query = {"indicator": self.made.choice(_INDICATORS), "year": "2020-2026"}
        self.browser.download(f"export.{form}", f"/ledger/export.{form}", query)

    def intake(self, stop: threading.Event) -> None:
        self.browser.get("intake", "/intake")

    def promote(self, stop: threading.Event) -> None:
        text = self.browser.get("documents", "/documents", {"kind": "breakdown"})
        found = list(dict.fromkeys(re.findall(r'"/documents/(d[a-z2-7]{20})', text)))
        if found and not stop.wait(self._pause(*READS)):
            self.browser.get("promote", f"/documents/{self.made.choice(found)}/items")

    def profile(self, stop: threading.Event) -> None:
        self.browser.get("profile", "/profile")

    def admin(self, stop: threading.Event) -> None:
        """Any page of the administration that the role has."""
        if self._links:
            link = unescape(self.made.choice(self._links))
            self.browser.get(link.strip("/").replace("/", "."), link)
        else:
            self.profile(stop)


_BUSINESS = {
    "home": 10, "documents": 10, "document": 7, "room": 8, "ledger": 16, "search": 16, "items": 8, "item": 10, "indicator": 7, "region": 6,
    "organisation": 4, "export": 1.2,
}  # fmt: skip


def _acts_of(role: str) -> dict[str, float]:
    """What a role does, and how often."""
    if role.endswith("_admin"):
        return {"home": 4, "profile": 1, "admin": 8}
    if role in ("supervisor", "appraiser"):
        return {**_BUSINESS, "room": 24, **({"intake": 3, "promote": 1} if role == "supervisor" else {})}
    return _BUSINESS
