"""Makes the demonstration's ledger: documents read, accounts and posts, facts checked, items made; all through the doors that people use."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from importlib.resources import files

import msgspec

from luoshi.demo.appraising import appraise
from luoshi.demo.district import OFFICE, PEOPLE, POSTS, REGION
from luoshi.demo.driving import cast, first_day, play
from luoshi.demo.publishing import publish
from luoshi.desk import accounts, documents, facts, items, organisations, settings
from luoshi.desk.actor import SYSTEM, Actor, Role
from luoshi.ledger import models
from luoshi.ledger.enter import receive, take_in
from luoshi.ledger.linking import link_waiting
from luoshi.ledger.organisations import organisation_id
from luoshi.ledger.reading import stored
from luoshi.ledger.scope import Scope
from luoshi.ledger.store import time_of
from luoshi.loop.clock import day_of
from luoshi.pipeline import read_data

#: called with what has just been done, to tell whoever waits
Tell = Callable[[str], None]


def load(set_password: Callable[[str], None], tell: Tell) -> None:
    """Fills an empty ledger; ``set_password`` gives an account (by id) the password of the demonstration.

    Nothing is done where a document is there already.
    """
    if models.Document.objects.exists():
        return
    today = datetime.now(UTC)
    begun = today + timedelta(days=first_day() - 1)
    with time_of(lambda: begun):
        actors, region = _laid(set_password, tell)
    _matters(actors, region, set_password, today)
    tell("matters")
    appraise(msgspec.structs.replace(actors["kaohe"], region=region), actors["ducha"], actors["lingdao"], region, today)
    tell("appraisals")
    publish(actors["ducha"], actors["ducha2"], actors["xitong"], region)
    tell("release")
    link_waiting()
    tell("links")


def _laid(set_password: Callable[[str], None], tell: Tell) -> tuple[dict[str, Actor], str]:
    """Accounts, documents, posts, items and checks, as they were before the first matter was filed."""
    actors = {person.username: _account(person.username, set_password) for person in PEOPLE}
    clerk, second = actors["ducha"], actors["ducha2"]
    settings.change(actors["xitong"], {"office": OFFICE})
    tell("accounts")
    _documents(clerk)
    tell("documents")
    region = models.Document.objects.filter(kind="report").values_list("region_code", flat=True).first() or ""
    for held in POSTS:
        post = organisations.add_post(clerk, region, held.title).subjects[0]
        organisations.hold(clerk, post, held.person, valid_from=held.since)
    _items(clerk)
    tell("items")
    _unit(actors["caizheng"], region)
    _checks(clerk, second)
    tell("checks")
    return actors, region


def _account(username: str, set_password: Callable[[str], None]) -> Actor:
    person = next(one for one in PEOPLE if one.username == username)
    roles = tuple(Role(role) for role in person.roles)
    done = accounts.create(SYSTEM, {"username": username, "name": person.name}, roles, strict=False)
    set_password(done.subjects[0])
    return Actor(id=done.subjects[0], username=username, name=person.name, roles=roles, unit="", region="")


def _documents(clerk: Actor) -> None:
    folder = files("luoshi.demo").joinpath("documents")
    names = sorted(file.name for file in folder.iterdir() if file.name.endswith(".txt"))
    for name in names:
        data = folder.joinpath(name).read_bytes()
        received = receive([(name, data)], clerk.id)
        for document in take_in(received[0].file, stored(read_data(data, name)), clerk.id, form="txt"):
            # no list holds a fictional place: its clerk says where it is
            documents.correct(clerk, document, {"region": REGION, "level": "county"}, Scope.whole())


def _items(clerk: Actor) -> None:
    """The tasks of the breakdown become items, all but a few that a visitor may try it with."""
    breakdown = models.Document.objects.filter(kind="breakdown").first()
    if breakdown is None:
        return
    planned = items.plan(breakdown.id, Scope.whole())
    certain = [one.fact for one in planned if not one.doubts]
    items.create(clerk, breakdown.id, certain[: len(certain) - 6], Scope.whole())


def _unit(liaison: Actor, region: str) -> None:
    """The liaison's account gets its unit, which the items have brought into the ledger, and the region."""
    unit = organisation_id(region, "财政局")
    fields = {"region": region, **({"unit": unit} if models.Organisation.objects.filter(pk=unit).exists() else {})}
    accounts.change(SYSTEM, liaison.id, fields)


def _matters(actors: dict[str, Actor], region: str, set_password: Callable[[str], None], today: datetime) -> None:
    """Matters in every stage of every mechanism, driven day by day up to now."""
    holders = dict(models.Holding.objects.filter(live=True).values_list("person", "post"))
    titles = dict(models.Post.objects.filter(pk__in=holders.values()).values_list("id", "title"))
    leaders = {titles[holders[actor.name]]: actor for actor in actors.values() if actor.name in holders}
    office = [msgspec.structs.replace(actors[name], region=region) for name in ("ducha", "ducha2")]
    begun = today + timedelta(days=first_day() - 1)
    with time_of(lambda: begun):
        players = cast(region, day_of(today), office, leaders, set_password)
    play(players, today)


def _checks(clerk: Actor, second: Actor) -> None:
    """This year's report is half checked: accepted, corrected, rejected, and one on which two readers differ."""
    report = models.Document.objects.filter(kind="report").order_by("-year").first()
    if report is None:
        return
    everything = Scope.whole()
    found = list(models.Fact.objects.filter(document=report.id, kind="measure").order_by("ordinal").values_list("id", "strength"))
    half = _ids(found[: len(found) // 2])
    facts.accept(clerk, half[:-3], everything)
    if len(half) > 3:
        facts.reject(clerk, [half[-3]], everything, note="是比喻，不是指标")
        facts.correct(clerk, half[-2], {"strength": "firm"}, everything, note="前文有“确保”")
        facts.accept(clerk, [half[-1]], everything)
        facts.reject(second, [half[-1]], everything, note="与上一条重复")


def _ids(rows: Iterable[tuple[str, str]]) -> list[str]:
    return [key for key, _ in rows]
