"""Changing one's password, of one's own accord or because it must be."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters

from luoshi.ledger.models import Account
from luoshi.web.page import Page, address, note, show
from luoshi.web.signin import config, failures, passwords, sessions
from luoshi.web.signin.config import Policy
from luoshi.web.words import say


@sensitive_post_parameters("current", "new", "again")
def view(request: HttpRequest) -> HttpResponseBase:
    """The form; after it was taken, the first page."""
    signin = config.current()
    account = Account.objects.get(pk=request.user.pk)
    values = {
        "policy": signin.policy,
        "why": request.session.get(sessions.WHY, ""),
        "username": account.username,
        "elsewhere": not account.has_usable_password() or not account.password or not signin.may_use_password(account.username),
    }
    if request.method != "POST" or values["elsewhere"]:
        return show(request, {**values, "errors": {}})
    errors = _errors(request, account, signin.policy)
    if errors:
        return show(request, {**values, "errors": errors}, status=400)
    sessions.change_password(request, account, request.POST["new"], timezone.now())
    note(request, say("password.done"))
    return HttpResponseRedirect(address("profile" if account.roles == "[]" else "home"))


def _errors(request: HttpRequest, account: Account, policy: Policy) -> dict[str, list[str]]:
    """What is wrong, by field. A wrong current password counts as a failure to sign in: somebody may sit at another's desk."""
    current, new, again = (request.POST.get(name, "") for name in ("current", "new", "again"))
    address_ = sessions.address_of(request)
    standing = failures.begin(account.username, address_, policy, timezone.now())
    if standing.minutes:
        return {"current": [say("password.locked", minutes=standing.minutes)]}
    if not account.check_password(current):
        return {"current": [say("password.wrong_current", left=standing.left)]}
    failures.succeed(account.username, address_)
    if new != again:
        return {"again": [say("password.differ")]}
    found = [say(f"password.{fault.slug}", **fault.values) for fault in passwords.faults(new, account, policy)]
    return {"new": found} if found else {}


PAGE = Page("password", "password", view)
