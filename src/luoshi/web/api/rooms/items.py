"""``/items``: items, their story, acts, evidence."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import File, Query, Router, Schema, Status
from ninja.files import UploadedFile
from pydantic import Field

from luoshi.desk.matters.evidence import LARGEST, keep
from luoshi.web.api import shapes
from luoshi.web.api.answers import declared, scoped
from luoshi.web.api.asking import acting
from luoshi.web.api.asking import items as asking
from luoshi.web.api.door import entered
from luoshi.web.api.rooms.documents import filters_of
from luoshi.web.api.shapes import Cursor, Limit, Many, Places, Several, Words, Year
from luoshi.web.kept_files import token_of

router = Router(tags=["事项 · items"])


class OfItems(Schema):
    """What a list of items may be narrowed by: as on the page of items, and by how the matter stands."""

    q: Words = ""
    state: Several[Literal["open", "dropped"]]
    year: Several[Year]
    document: Many
    region: Places
    organisation: Annotated[Many, Field(description="牵头或配合的单位编号 · id of a unit with a duty")]
    post: Many
    due: Many
    lead: Words = ""
    leader: Words = ""
    doubt: Literal["", "0", "1"] = ""
    mechanism: Annotated[Many, Field(description="M01 … M26")]
    stage: Many
    light: Annotated[Many, Field(description="green blue yellow orange red none")]
    matter: Several[Literal["live", "hung", "closed", "ended"]]
    cursor: Cursor = ""
    limit: Limit = 50


class Page(Schema):
    """Which page."""

    cursor: Cursor = ""
    limit: Limit = 50


@router.get("/items", response=declared(shapes.Items), operation_id="list_items", openapi_extra=scoped("read"))
def list_items(request: HttpRequest, filters: Query[OfItems]) -> Any:
    """事项列表，带办理情况；内部事项不出，个人信息遮盖 · the items and how they stand; none that stay inside, personal data masked."""
    asker = entered(request, "read", "items")
    return asking.items(asker.scope, filters_of(filters), filters.cursor, filters.limit)


@router.get("/items/{item}", response=declared(shapes.Item), operation_id="get_item", openapi_extra=scoped("read"))
def get_item(request: HttpRequest, item: str) -> Any:
    """一个事项 · an item."""
    return asking.item(entered(request, "read", "item").scope, item)


@router.get("/items/{item}/story", response=declared(shapes.Story), operation_id="get_story", openapi_extra=scoped("read"))
def get_story(request: HttpRequest, item: str, filters: Query[Page]) -> Any:
    """事项的经过，新的在前 · what happened to it, newest first."""
    return asking.story(entered(request, "read", "item").scope, item, filters.cursor, filters.limit)


@router.get("/items/{item}/acts", response=declared(shapes.OpenActs), operation_id="list_acts", openapi_extra=scoped("read"))
def list_acts(request: HttpRequest, item: str) -> Any:
    """现在您能办什么，各要什么 · the acts open to you now, and what each asks for."""
    return acting.open_acts(entered(request, "read", "matter.act"), item)


@router.post("/items/{item}/acts", response=declared(shapes.Done, acts=True, status=201), operation_id="act", openapi_extra=scoped("act"))
def act(request: HttpRequest, item: str, given: shapes.Deed) -> Any:
    """办理：与页面上办的是同一件事，不能办的原样答复理由 · the same act as on the page; what is refused says why."""
    return Status(201, acting.act(entered(request, "act", "matter.act"), item, given))


@router.post("/evidence", response=declared(shapes.Kept, acts=True, status=201), operation_id="keep_evidence", openapi_extra=scoped("act"))
def keep_evidence(request: HttpRequest, file: File[UploadedFile]) -> Any:
    """传一个佐证文件，办理时用它 · a file to be sent along with an act."""
    asker = entered(request, "act", "matter.act")
    (kept,) = keep([(file.name or "?", file.read(LARGEST + 1))])
    return Status(201, shapes.Kept(evidence=token_of(kept, asker.actor), name=kept.name, media=kept.media, size=kept.size))
