"""What a table or a rater has brought stays where an appraisal is drawn up anew: only what the ledger says is counted again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from luoshi.appraise.given import Given, Subject
from luoshi.appraise.scheme import Scheme
from luoshi.desk.appraisal.counting import Counting, count
from luoshi.desk.appraisal.scoring import subject_of
from luoshi.ledger import models
from luoshi.ledger.appraised import Score


def units_among(subjects: Iterable[Subject]) -> frozenset[str]:
    """Those of the subjects that are units of the ledger."""
    return frozenset(models.Organisation.objects.filter(pk__in=[one.id for one in subjects]).values_list("id", flat=True))


def with_brought(scheme: Scheme, subjects: Sequence[Subject], rows: Sequence[Score], region: str, counting: Counting) -> list[Subject]:
    """The subjects with what was brought for them before; places and enterprises, which come with a table alone, stay as they are."""
    before = [subject_of(row) for row in rows]
    if scheme.subject == "unit":
        held = {one.id: one for one in before}
        return [_whole(one, _brought(scheme, held[one.id].given)) if one.id in held else one for one in subjects]
    values = count(scheme.inputs, sorted(units_among(before)), region, counting)
    return [_whole(one, values.get(one.id, {})) for one in before]


def _whole(subject: Subject, given: Mapping[str, Given]) -> Subject:
    return msgspec.structs.replace(subject, given={**subject.given, **given})


def _brought(scheme: Scheme, given: Mapping[str, Given]) -> dict[str, Given]:
    """The values that did not come out of the ledger or of an earlier appraisal."""
    own = {one.key for one in scheme.inputs if one.by not in ("ledger", "appraisal")}
    return {key: one for key, one in given.items() if key in own or any(ref.kind == "cell" for ref in one.refs)}
