"""Several senders at once, and one that is killed: each letter goes out once, but for the one that was on its way."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections import Counter
from datetime import UTC, datetime

from tests.notify import standins
from tests.notify.making import AT, message

#: sends what waits until nothing is left; all days are working days, since the clock is the machine's
SEND = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
import django
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
django.setup()
import time
from datetime import UTC, datetime
from luoshi.notify.config import Mail, Told
settings.LUOSHI_NOTIFY = Told(mail=Mail(host="127.0.0.1", port=int(sys.argv[2]), tls="none", sender="luoshi@qishan.example"))
from luoshi.notify import outbox
from luoshi.notify.sending import send_due
print("ready", flush=True)
sys.stdin.readline()
done = 0
for _ in range(400):
    done += send_due(datetime.now(UTC), is_workday=lambda day: True).sent
    if not outbox.waiting(["mail"], datetime.now(UTC)):
        break
    time.sleep(0.02)
print(done, flush=True)
"""


def _started(port: int, count: int) -> list[subprocess.Popen[str]]:
    """Senders that are ready and wait for a word."""
    from django.db import connection

    name = str(connection.settings_dict["NAME"])
    connection.close()
    senders = [
        subprocess.Popen([sys.executable, "-c", SEND, name, str(port)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(count)
    ]
    for sender in senders:
        assert sender.stdout is not None
        assert sender.stdout.readline() == "ready\n"
    return senders


def _go(sender: subprocess.Popen[str]) -> None:
    assert sender.stdin is not None
    sender.stdin.write("\n")
    sender.stdin.flush()


def _queue(count: int) -> None:
    """That many letters to as many accounts; without quiet hours, since the clock is the machine's."""
    from luoshi.ledger.entry import Draft
    from luoshi.ledger.models import Account
    from luoshi.ledger.store import append
    from luoshi.notify import outbox
    from luoshi.notify.models import Contact

    for name in ("notify_quiet_from", "notify_quiet_to"):
        append("aadmin", [Draft("setting.change", name, {"value": "00:00"})])
    ids = [f"a{number:03d}" for number in range(count)]
    Account.objects.bulk_create([Account(id=id_, username=id_, active=True) for id_ in ids])
    Contact.objects.bulk_create([Contact(id=id_, email=f"{id_}@qishan.example", digest=False, confirmed=True) for id_ in ids])
    outbox.put([outbox.Draft(channel="mail", account=id_, message=message(f"k:{id_}")) for id_ in ids], datetime.now(UTC))


def test_two_processes_send_two_hundred_once(real_db: None) -> None:
    from luoshi.notify import outbox

    with standins.post_office() as post:
        _queue(200)
        senders = _started(post.port, 2)
        for sender in senders:
            _go(sender)
        told = [int(sender.communicate(timeout=120)[0]) for sender in senders]
    assert sum(told) == 200
    assert Counter(to for to, _ in post.letters) == Counter({f"a{number:03d}@qishan.example": 1 for number in range(200)})
    assert outbox.counts() == {"sent": 200}


def test_a_letter_is_claimed_once_by_many_at_once(real_db: None) -> None:
    """Without turns, as where one ran out: only the claim stands between two senders."""
    from django.db import connections

    from luoshi.notify import outbox

    outbox.put([outbox.Draft(channel="mail", account=f"a{number}", message=message()) for number in range(40)], AT)
    ids = [one.id for one in outbox.waiting(["mail"], AT)]
    won: list[str] = []

    def claim(name: str) -> None:
        won.extend(id_ for id_ in ids if outbox.claim(id_, name, AT) is not None)
        connections.close_all()

    threads = [threading.Thread(target=claim, args=(f"s{number}",)) for number in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(won) == sorted(ids)


def test_one_is_killed_and_another_goes_on(real_db: None) -> None:
    """What it had on its way may come twice under the same mark, everything else once; nothing is lost."""
    from luoshi.notify import outbox
    from luoshi.notify.models import Letter, Turn

    with standins.post_office() as post:
        _queue(120)
        killed, other = _started(post.port, 2)
        _go(killed)
        while len(post.letters) < 20:
            time.sleep(0.005)
        killed.kill()
        killed.communicate()
        before = Letter.objects.filter(state="sent").count()
        assert 0 < before < 120
        on_the_way = set(Letter.objects.filter(state="sending").values_list("pk", flat=True))
        assert len(on_the_way) <= 1
        # five minutes later, as the claim and the turn have it
        Letter.objects.filter(state="sending").update(until="2000-01-01T00:00:00.000000Z")
        Turn.objects.update(until="2000-01-01T00:00:00.000000Z")
        told, _ = other.communicate("\n", timeout=120)
    times = Counter(to for to, _ in post.letters)
    assert len(times) == 120
    twice = {to for to, count in times.items() if count > 1}
    assert len(twice) <= len(on_the_way)
    assert max(times.values()) <= 2
    assert outbox.counts() == {"sent": 120}
    assert int(told) == 120 - before
    for to in twice:
        assert len({letter["Message-ID"] for there, letter in post.letters if there == to}) == 1


def test_turns_keep_the_rate_of_a_robot_among_several_senders(real_db: None) -> None:
    """Three threads at once, one robot that counts: none of them is ever too fast, and each message comes once."""
    from django.conf import settings
    from django.db import connections

    from luoshi.notify import inside
    from luoshi.notify.channels import Robot
    from luoshi.notify.config import Told
    from luoshi.notify.sending import Clock, send_due

    clock = standins.FakeClock(AT)
    with standins.robots(lambda: clock.at) as remote:
        settings.LUOSHI_NOTIFY = Told(robots=(Robot(id="wecom", kind="wecom", url=remote.url("wecom")),))
        try:
            for number in range(15):
                inside.announce(message(f"k{number}", kind="test"), now=AT)

            def send() -> None:
                send_due(AT, is_workday=lambda day: True, clock=Clock(clock.now, clock.sleep))
                connections.close_all()

            threads = [threading.Thread(target=send) for _ in range(3)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            send()
        finally:
            del settings.LUOSHI_NOTIFY
    assert len(remote.wecom.asked) == len(set(remote.wecom.said)) == 15
