"""What units and posts are called, by id: for tables, papers and the story."""

from __future__ import annotations

from collections.abc import Iterable

from luoshi.ledger import models
from luoshi.ledger.holding import holdings


def names_of(keys: Iterable[str], day: str = "") -> dict[str, str]:
    """The names of units and the titles of posts by id; where a day is given, with whoever holds the post then. Unknown ids are left out."""
    wanted = {key for key in keys if key}
    if not wanted:
        return {}
    names = dict(models.Organisation.objects.filter(pk__in=wanted).values_list("id", "name"))
    posts = dict(models.Post.objects.filter(pk__in=wanted - set(names)).values_list("id", "title"))
    for row in holdings(day, post__in=list(posts)) if day and posts else ():
        posts[row.post] = f"{posts[row.post]} {row.person}"
    return names | posts
