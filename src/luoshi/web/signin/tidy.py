"""What is tidied from time to time: old rows of the access log, counts of failures, sessions that are over."""

from __future__ import annotations

from datetime import datetime

from django.contrib.sessions.models import Session

from luoshi.web.signin import config, failures, trail


def tidy(log_days: int, now: datetime) -> int:
    """Removes what is kept no longer; how many rows of the access log went."""
    failures.forget_old(config.current().policy, now)
    Session.objects.filter(expire_date__lt=now).delete()
    return trail.prune(log_days, now)
