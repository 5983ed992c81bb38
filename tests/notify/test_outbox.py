"""The queue: a letter is claimed once, whoever asks, and what may have arrived is tried once more and never again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from luoshi.notify.channels import Answer
from tests.notify.making import AT, DAY, matter, message

MINUTE = timedelta(minutes=1)
SENT = Answer(outcome="sent")
LATER = Answer(outcome="later", wait=60, slug="notify-busy", said="忙")
UNSURE = Answer(outcome="unsure", wait=60, slug="notify-unsure", said="ReadTimeout")
REFUSED = Answer(outcome="given-up", slug="notify-refused", said="310000")


def _put(key: str = "k1", **values: str) -> str:
    from luoshi.notify import outbox

    draft = outbox.Draft(**{"channel": "ding", "message": message(key), **values})  # type: ignore[arg-type]
    outbox.put([draft], AT)
    return outbox.letter_id(draft)


def test_the_same_message_is_queued_once_for_each_reader_and_channel(db: None) -> None:
    from luoshi.notify import outbox
    from luoshi.notify.models import Letter

    assert outbox.put([outbox.Draft(channel="ding", message=message("k1")), outbox.Draft(channel="ding", message=message("k1"))], AT) == 1
    assert outbox.put([outbox.Draft(channel="ding", message=message("k1", title="别的话"))], AT + DAY) == 0
    _put(channel="wecom")
    _put(channel="mail", account="a1")
    _put(channel="mail", account="a2")
    _put("k2")
    assert Letter.objects.count() == 5


def test_never_again_even_after_it_was_sent_or_given_up(db: None) -> None:
    from luoshi.notify import outbox
    from luoshi.notify.models import Letter

    for key, answer in (("k1", SENT), ("k2", REFUSED)):
        letter = outbox.claim(_put(key), "me", AT)
        assert letter is not None
        outbox.finish(letter, "me", answer, AT)
    assert outbox.put([outbox.Draft(channel="ding", message=message(key)) for key in ("k1", "k2")], AT + DAY) == 0
    assert not Letter.objects.filter(state="waiting").exists()


def test_a_letter_has_one_holder(db: None) -> None:
    from luoshi.notify import outbox

    id_ = _put()
    letter = outbox.claim(id_, "me", AT)
    assert letter is not None
    assert outbox.message_of(letter) == message("k1")
    assert outbox.claim(id_, "you", AT) is None
    assert outbox.finish(letter, "you", SENT, AT) == "lost"
    assert outbox.finish(letter, "me", SENT, AT) == "sent"
    assert outbox.claim(id_, "you", AT) is None


def test_what_was_sent_keeps_no_text(db: None) -> None:
    from luoshi.notify import outbox
    from luoshi.notify.models import Letter

    letter = outbox.claim(_put(), "me", AT)
    assert letter is not None
    outbox.finish(letter, "me", SENT, AT)
    assert Letter.objects.get().message == ""


def test_busy_comes_again_later_and_later_and_is_given_up_at_last(db: None) -> None:
    from luoshi.notify import outbox
    from luoshi.notify.models import Letter

    id_, now, waits = _put(), AT, []
    for _ in range(8):
        letter = outbox.claim(id_, "me", now)
        assert letter is not None
        state = outbox.finish(letter, "me", LATER, now)
        if state == "waiting":
            assert outbox.claim(id_, "me", now) is None
            after = outbox.waiting(["ding"], now)[0].after
            assert after is not None
            waits.append((after - now) // MINUTE)
            now = after
    assert waits == [1, 5, 15, 60, 120, 240, 480]
    assert Letter.objects.get().state == "given-up"
    assert [(row.reason, row.said) for row in outbox.troubles()] == [("notify-busy", "忙")]


def test_a_remote_that_asks_for_longer_gets_it(db: None) -> None:
    from luoshi.notify import outbox

    letter = outbox.claim(_put(), "me", AT)
    assert letter is not None
    outbox.finish(letter, "me", Answer(outcome="later", wait=600, slug="notify-busy"), AT)
    assert outbox.waiting(["ding"], AT)[0].after == AT + timedelta(seconds=600)


def test_a_doubt_is_tried_once_more(db: None) -> None:
    from luoshi.notify import outbox

    id_ = _put()
    letter = outbox.claim(id_, "me", AT)
    assert letter is not None
    assert outbox.finish(letter, "me", UNSURE, AT) == "waiting"
    again = outbox.claim(id_, "me", AT + MINUTE)
    assert again is not None
    assert again.doubts == 1
    assert outbox.finish(again, "me", UNSURE, AT + MINUTE) == "given-up"
    assert outbox.claim(id_, "me", AT + DAY) is None


def test_who_dies_leaves_a_doubt(db: None) -> None:
    from luoshi.notify import outbox

    id_ = _put()
    for attempt, state in ((0, "waiting"), (1, "given-up")):
        now = AT + attempt * 10 * MINUTE
        assert outbox.claim(id_, f"dead {attempt}", now) is not None
        assert outbox.sweep(now + 4 * MINUTE) == 0
        assert outbox.sweep(now + 6 * MINUTE) == 1
        assert outbox.counts() == {state: 1}
    assert outbox.troubles()[0].reason == "notify-unsure"


def test_who_comes_back_after_the_claim_ran_out_changes_nothing(db: None) -> None:
    from luoshi.notify import outbox

    letter = outbox.claim(_put(), "slow", AT)
    assert letter is not None
    outbox.sweep(AT + 6 * MINUTE)
    assert outbox.finish(letter, "slow", SENT, AT + 7 * MINUTE) == "lost"
    assert outbox.counts() == {"waiting": 1}


def test_given_up_letters_can_be_sent_again_but_not_those_without_text(db: None) -> None:
    from luoshi.notify import outbox

    ids = [_put("k1"), _put("k2")]
    for id_, slug in zip(ids, ("notify-refused", "personal-data"), strict=True):
        letter = outbox.claim(id_, "me", AT)
        assert letter is not None
        outbox.finish(letter, "me", Answer(outcome="given-up", slug=slug), AT)
    assert outbox.resend(ids, AT + DAY) == 1
    assert outbox.claim(ids[0], "me", AT + DAY) is not None


def test_turns(db: None) -> None:
    from luoshi.notify import outbox

    assert outbox.take_turn("ding", "me", AT)
    assert outbox.take_turn("ding", "me", AT + MINUTE)
    assert not outbox.take_turn("ding", "you", AT + 2 * MINUTE)
    assert outbox.take_turn("wecom", "you", AT)
    assert outbox.take_turn("ding", "you", AT + 4 * MINUTE)
    outbox.end_turn("ding", "me")
    assert not outbox.take_turn("ding", "me", AT + 4 * MINUTE)
    outbox.end_turn("ding", "you")
    assert outbox.take_turn("ding", "me", AT + 4 * MINUTE)


def test_a_shut_channel_holds_its_letters_back(db: None) -> None:
    from luoshi.notify import outbox

    _put()
    outbox.take_turn("ding", "me", AT)
    outbox.shut("ding", AT + 10 * MINUTE)
    assert outbox.waiting(["ding"], AT)[0].after == AT + 10 * MINUTE
    assert outbox.waiting(["ding"], AT + 11 * MINUTE)[0].after is None


def test_merging_is_whole_or_not_at_all(db: None) -> None:
    from luoshi.notify import outbox
    from luoshi.notify.digest import one_of
    from luoshi.notify.models import Letter

    ids = [_put("k1"), _put("k2"), _put("k3")]
    one = outbox.Draft(channel="ding", message=one_of([message("k1"), message("k2")]))
    assert outbox.claim(ids[1], "you", AT) is not None
    assert not outbox.merge(ids[:2], one, AT)
    assert outbox.counts() == {"waiting": 2, "sending": 1}
    other = outbox.Draft(channel="ding", message=one_of([message("k1"), message("k3")]))
    assert outbox.merge([ids[0], ids[2]], other, AT)
    assert outbox.counts() == {"waiting": 1, "sending": 1, "merged": 2}
    assert set(Letter.objects.filter(state="merged").values_list("into", "message")) == {(outbox.letter_id(other), "")}


def test_stale_and_old_ones_go(db: None) -> None:
    from luoshi.notify import outbox
    from luoshi.notify.models import Letter

    _put()
    assert outbox.sweep(AT + 13 * DAY) == 0
    assert outbox.sweep(AT + 15 * DAY) == 1
    assert [(row.reason, row.message) for row in Letter.objects.all()] == [("notify-stale", "")]
    assert outbox.prune(190, AT + 189 * DAY) == 0
    assert outbox.prune(190, AT + 191 * DAY) == 1


def test_what_waits_is_never_pruned(db: None) -> None:
    from luoshi.notify import outbox

    _put()
    assert outbox.prune(30, AT + 1000 * DAY) == 0


@pytest.mark.parametrize("number", [0, 1, 3])
def test_the_first_due_day_stands_with_the_letter(db: None, number: int) -> None:
    from luoshi.notify import outbox

    days = [AT.date() + timedelta(days=one) for one in range(number)]
    told = message("k", matters=tuple(matter(place, due=day) for place, day in enumerate(reversed(days))))
    outbox.put([outbox.Draft(channel="ding", message=told)], AT)
    assert outbox.waiting(["ding"], AT)[0].due == (days[0] if days else None)


def test_what_cannot_be_delivered_holds_nothing_up(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    from luoshi.notify import outbox

    monkeypatch.setattr(outbox, "_PLANNED", 2)
    for key in ("k1", "k2"):
        letter = outbox.claim(_put(key), "me", AT)
        assert letter is not None
        outbox.finish(letter, "me", LATER, AT)
    fresh = {_put("k3"), _put("k4"), _put("k5", channel="wecom")}
    assert {one.id for one in outbox.waiting(["ding", "wecom"], AT + DAY)} == fresh
