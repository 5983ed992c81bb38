"""The tables. ``Entry`` and ``Head`` are the ledger itself; all others are folds of the entries and can be made again from them.

Portable on purpose: ids, moments (ISO 8601, UTC) and JSON are text, no column is special to one database. A folded table has the text key ``id``.
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import BigIntegerField, BooleanField, CharField, FloatField, IntegerField, TextField


def _id() -> CharField[str, str]:
    return CharField(max_length=64, primary_key=True)


def _ref() -> CharField[str, str]:
    """The id of a row elsewhere; no constraint of the database, since folds may come in any batch order."""
    return CharField(max_length=64, default="", db_index=True)


def _word(length: int = 64) -> CharField[str, str]:
    return CharField(max_length=length, default="")


def _text() -> TextField[str, str]:
    return TextField(default="")


def _json(empty: str = "{}") -> TextField[str, str]:
    return TextField(default=empty)


def _moment() -> CharField[str, str]:
    return CharField(max_length=27, default="")


class Head(models.Model):
    """The end of the chain, one row; whoever writes holds its lock."""

    id = IntegerField(primary_key=True)
    seq = BigIntegerField()
    hash = CharField(max_length=64)


class Entry(models.Model):
    """What happened; never changed, never removed."""

    seq = BigIntegerField(primary_key=True)
    at = CharField(max_length=27, db_index=True)
    actor = CharField(max_length=64)
    act = CharField(max_length=40)
    subject = CharField(max_length=80, db_index=True)
    context = CharField(max_length=80, db_index=True)
    data = TextField()
    hash = CharField(max_length=64)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["actor", "seq"], name="entry_actor"),
            models.Index(fields=["act", "seq"], name="entry_act"),
        ]


class Lease(models.Model):
    """What is being done with a file just now, for pages to tell, until a second since 1970 at most; work, not record."""

    file = CharField(max_length=64, primary_key=True)
    until = BigIntegerField()
    step = CharField(max_length=20, default="")


class File(models.Model):
    """A file as it came in; ``id`` is the SHA-256 of its bytes, its original lies in the store under it."""

    id = _id()
    name = _word(300)
    names = _json("[]")
    size = BigIntegerField(default=0)
    format = _word(20)
    received_at = _moment()
    received_by = _ref()
    state = CharField(max_length=12, default="received", db_index=True)
    error = _json()
    documents = _json("[]")
    known = _json("[]")
    read_at = _moment()
    batch = _ref()


class Document(models.Model):
    """One document of a file. ``reading`` is the key of its text, sections and facts in the store."""

    id = _id()
    number = IntegerField(default=0, db_index=True)
    family = _ref()
    version = IntegerField(default=1)
    previous = _ref()
    newest = BooleanField(default=True)
    title = _word(500)
    kind = CharField(max_length=12, default="other", db_index=True)
    region = _word(200)
    region_code = _ref()
    level = _word(12)
    review_year = IntegerField(null=True)
    plan_year = IntegerField(null=True)
    plan_first = IntegerField(null=True)
    plan_last = IntegerField(null=True)
    year = IntegerField(null=True, db_index=True)
    date = _word(20)
    letterhead = _text()
    complete = BooleanField(default=True)
    gaps = _json("[]")
    file = _ref()
    reading = _word()
    characters = IntegerField(default=0)
    measures = IntegerField(default=0)
    tasks = IntegerField(default=0)
    projects = IntegerField(default=0)
    terms = IntegerField(default=0)
    state = CharField(max_length=12, default="open", db_index=True)
    recognised = _json()
    corrected = _json()
    read_at = _moment()
    read_by = _ref()
    rules = _word(20)
    checked_at = _moment()
    checked_by = _ref()


class Fact(models.Model):
    """A fact of a document as it stands now: as read, or as persons corrected it. ``data`` is the record as the rules read it."""

    id = _id()
    ordinal = BigIntegerField(default=0, db_index=True)
    document = _word()
    kind = CharField(max_length=12, default="")
    start = IntegerField(default=0)
    end = IntegerField(default=0)
    text = _text()
    clause = _text()
    name = _word(300)
    indicator_id = CharField(max_length=80, default="")
    role = _word(12)
    measure = _word(12)
    direction = _word(8)
    comparator = _word(16)
    value = FloatField(null=True)
    value_max = FloatField(null=True)
    unit = _word(40)
    year = IntegerField(null=True)
    year_last = IntegerField(null=True)
    strength = _word(12)
    stage = _word(12)
    part = _word(12)
    section = IntegerField(default=-1)
    section_title = _word(300)
    lead = _word(300)
    due = _word(20)
    doubt = _word(200)
    rule = _word(200)
    data = _json()
    fields = _json()
    checks = _json()
    decision = _json()
    state = CharField(max_length=12, default="open")
    checked_by = _word()
    checked_at = _moment()
    item = _word()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["document", "ordinal"], name="fact_document"),
            models.Index(fields=["document", "state", "kind"], name="fact_progress"),
            models.Index(fields=["kind", "ordinal"], name="fact_kind"),
            models.Index(fields=["indicator_id", "year", "role", "state", "document"], name="fact_followed"),
            models.Index(fields=["state", "ordinal"], name="fact_state"),
            models.Index(fields=["year", "ordinal"], name="fact_year"),
            models.Index(fields=["year_last"], name="fact_year_last"),
            models.Index(fields=["name", "ordinal"], name="fact_name"),
            models.Index(fields=["value", "ordinal"], name="fact_value"),
            models.Index(fields=["role", "ordinal"], name="fact_role"),
        ]


class Item(models.Model):
    """A matter to be driven to its end, made from a fact (or by hand, with the words it rests on)."""

    id = _id()
    ordinal = BigIntegerField(default=0, db_index=True)
    document = _ref()
    fact = _ref()
    region_code = _ref()
    year = IntegerField(null=True, db_index=True)
    number = _word(20)
    title = _word(500)
    text = _text()
    section_title = _word(300)
    state = CharField(max_length=12, default="open", db_index=True)
    leaders = _word(500)
    lead = _word(500)
    support = _text()
    due = CharField(max_length=20, default="", db_index=True)
    due_text = _word(200)
    open_ended = BooleanField(default=False)
    doubt = _word(300)
    created_at = _moment()
    created_by = _ref()
    changed_at = _moment()


class Duty(models.Model):
    """Who answers for an item: a leader (a post and who holds it), a lead unit or a supporting unit; ``name`` as it is written."""

    id = _id()
    item = _ref()
    role = _word(12)
    place = IntegerField(default=0)
    name = _word(300)
    organisation = _ref()
    post = _ref()
    start = IntegerField(default=0)
    end = IntegerField(default=0)
    live = BooleanField(default=True)


class Matter(models.Model):
    """An item in the loop; ``id`` is the item's. ``life`` is its whole state (``loop.matter.Matter``), the other columns are for finding it.

    ``unit`` the first lead unit, ``turn`` the part whose turn it is, ``due`` and ``original`` those of the main clock, ``next_due`` the
    earliest due date of a clock that runs, ``wake`` when something is next due by itself; days in the office's zone, moments in UTC.
    """

    id = _id()
    mechanism = CharField(max_length=20, default="", db_index=True)
    version = IntegerField(default=1)
    variant = _word(40)
    number = _word(40)
    region_code = _ref()
    stage = _word(40)
    state = CharField(max_length=8, default="live", db_index=True)
    turn = _word(40)
    unit = _ref()
    leader = _ref()
    light = CharField(max_length=12, default="green")
    time_light = _word(12)
    progress_light = _word(12)
    quality_light = _word(12)
    progress = FloatField(null=True)
    due = _word(10)
    original = _word(10)
    next_due = _moment()
    wake = _moment()
    missed = IntegerField(default=0)
    missed_ever = IntegerField(default=0)
    returned = IntegerField(default=0)
    chased = IntegerField(default=0)
    evidence = IntegerField(default=0)
    excluded = BooleanField(default=False)
    internal = BooleanField(default=False)
    #: the field ``category`` of mechanisms that have one, for questions from outside
    category = _word(40)
    parent = _ref()
    acts = IntegerField(default=0)
    #: the light rule by which the lights were last judged
    lights_by = _word(40)
    opened_at = _moment()
    changed_at = _moment()
    closed_at = _moment()
    life = _json()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["state", "light", "next_due"], name="matter_board"),
            models.Index(fields=["mechanism", "state", "next_due"], name="matter_mechanism"),
            models.Index(fields=["wake"], name="matter_wake"),
            models.Index(fields=["state", "turn", "next_due"], name="matter_turn"),
            models.Index(fields=["region_code", "state", "next_due"], name="matter_region"),
            models.Index(fields=["closed_at"], name="matter_closed"),
            models.Index(fields=["mechanism", "opened_at"], name="matter_opened"),
            models.Index(fields=["mechanism", "category", "opened_at"], name="matter_category"),
            models.Index(fields=["state", "lights_by"], name="matter_lights"),
            models.Index(fields=["number"], name="matter_number"),
            models.Index(fields=["state", "next_due", "id"], name="matter_due_in_order"),
            # all that the board counts and filters by: counts over many matters read this and not the rows, which carry a life each
            models.Index(
                fields=["state", "light", "mechanism", "stage", "unit", "leader", "region_code", "missed", "next_due", "internal"],
                name="matter_counts",
            ),
        ]


class Clock(models.Model):
    """A time limit of a matter, each time that it was started: what a unit was asked, by when, and how it answered.

    ``owner`` the part that is asked and ``unit`` its first unit then; ``state`` running, paused, met, late or void.
    """

    id = _id()
    item = _ref()
    key = _word(40)
    n = IntegerField(default=1)
    owner = _word(40)
    unit = _ref()
    mechanism = _word(20)
    period = _word(12)
    started_at = _moment()
    due_at = _moment()
    original_at = _moment()
    lapsed_at = _moment()
    stopped_at = _moment()
    stopped_by = _word(40)
    state = CharField(max_length=8, default="running")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["unit", "state", "due_at"], name="clock_unit"),
            models.Index(fields=["state", "due_at"], name="clock_due"),
            models.Index(fields=["started_at"], name="clock_started"),
        ]


class Evidence(models.Model):
    """A file that shows what was done; ``file`` is its key in the store, ``thumb`` that of a small picture of it, where one could be made."""

    id = _id()
    item = _ref()
    file = _ref()
    thumb = _word()
    name = _word(300)
    media = _word(60)
    size = BigIntegerField(default=0)
    at = _moment()
    by = _ref()
    part = _word(40)
    act = _word(40)
    seq = BigIntegerField(default=0)
    live = BooleanField(default=True)


class LookBack(models.Model):
    """A draw of matters for a look back: the rule, the seed and the candidates, so that it can be drawn again, and what was drawn."""

    id = _id()
    mechanism = CharField(max_length=20, default="", db_index=True)
    first = _word(10)
    last = _word(10)
    share = IntegerField(default=0)
    least = IntegerField(default=1)
    seed = _word(100)
    candidates = _json("[]")
    drawn = _json("[]")
    source = _word(300)
    seq = BigIntegerField(default=0)
    at = _moment()
    by = _ref()


class MechanismFile(models.Model):
    """A version of a mechanism as it stands in the ledger; ``id`` is ``M01@2``. ``current``: new matters are filed under it."""

    id = _id()
    key = CharField(max_length=20, default="", db_index=True)
    version = IntegerField(default=1)
    text = _text()
    own = BooleanField(default=False)
    current = BooleanField(default=True)
    at = _moment()
    by = _ref()


class Region(models.Model):
    """A division (GB/T 2260, with the years in which it is in force) or a zone; ``id`` is its code."""

    id = _id()
    name = _word(100)
    full_name = _word(200)
    level = _word(12)
    kind = _word(12)
    parent = _ref()
    valid_from = IntegerField(null=True)
    valid_to = IntegerField(null=True)
    successor = _ref()
    source = _word(200)


class Organisation(models.Model):
    """A unit or a group of units in a region."""

    id = _id()
    region_code = _ref()
    name = _word(300)
    kind = CharField(max_length=12, default="body")
    plates = _json("[]")
    members = _word(40)
    valid_from = _word(20)
    valid_to = _word(20)
    successor = _ref()
    lineage = _json("[]")
    doubt = _word(300)
    created_at = _moment()


class Alias(models.Model):
    """Another name of an organisation in the context of a region, and the reason."""

    id = _id()
    region_code = _ref()
    name = CharField(max_length=300, default="", db_index=True)
    organisation = _ref()
    reason = _word(200)
    live = BooleanField(default=True)


class Member(models.Model):
    """An organisation in a group, from a day to a day."""

    id = _id()
    group = _ref()
    organisation = _ref()
    valid_from = _word(20)
    valid_to = _word(20)
    live = BooleanField(default=True)


class Post(models.Model):
    """A post: duties belong to it, whoever holds it."""

    id = _id()
    organisation = _ref()
    region_code = _ref()
    title = _word(200)
    live = BooleanField(default=True)


class Holding(models.Model):
    """Who holds a post, from a day to a day; ``account``: whose account that is, where somebody who keeps posts has said so."""

    id = _id()
    post = _ref()
    person = CharField(max_length=100, default="", db_index=True)
    account = _ref()
    valid_from = _word(20)
    valid_to = _word(20)
    live = BooleanField(default=True)


class SavedView(models.Model):
    """A table as somebody set it up: filters, order, columns."""

    id = _id()
    owner = _ref()
    name = _word(100)
    table = _word(12)
    query = _text()
    shared = BooleanField(default=False)
    live = BooleanField(default=True)
    created_at = _moment()


class Setting(models.Model):
    """A setting that an administrator has changed."""

    id = _id()
    value = _text()
    changed_at = _moment()
    changed_by = _ref()


class AccountManager(BaseUserManager["Account"]):
    """Finds accounts by their user name."""

    def get_by_natural_key(self, username: str | None) -> Account:
        return self.get(username=username)


class Account(AbstractBaseUser):
    """Somebody who signs in. All but the password and the last sign-in is a fold of entries."""

    id = _id()
    username = CharField(max_length=64, unique=True)
    name = _word(100)
    roles = _json("[]")
    unit = _ref()
    region = _ref()
    active = BooleanField(default=True)
    created_at = _moment()

    objects = AccountManager()
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar = []

    @property
    def is_active(self) -> bool:  # type: ignore[override]
        return self.active


from luoshi.ledger import appraised as appraised, linked as linked, released as released  # noqa: E402, I001, PLC0414 - tables in rooms of their own
