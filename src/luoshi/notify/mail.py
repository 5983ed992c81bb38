"""An e-mail as it goes to the server. Pure: nothing is sent here."""

from __future__ import annotations

from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from luoshi.messages import Lang
from luoshi.notify.message import Message, Style, cut, flat, text_of
from luoshi.notify.wording import word

#: characters of the text and of the subject
_LONGEST = 60_000
_SUBJECT = 100


def compose(message: Message, style: Style, *, sender: str, to: str, office: str, now: datetime) -> EmailMessage:
    """The e-mail. Its Message-ID is the letter's mark, so a mail server knows a second copy; no machine answers it."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Address(cut(flat(office), 40), addr_spec=sender)
    mail["To"] = Address(addr_spec=to)
    mail["Subject"] = cut(flat(message.title), _SUBJECT)
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = f"<{style.mark.lower()}.luoshi@{sender.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    foot = word("mail.foot", style.lang)
    mail.set_content(f"{text_of(message, style, limit=_LONGEST)}\n\n{foot}\n", cte="base64")
    return mail


def bare(message: Message, lang: Lang) -> Message:
    """The message without anything of its matter, where something of a person was found in it: the reader signs in to see."""
    told = word("mail.bare", lang, kind=word(f"kind.{message.kind}", lang))
    return Message(kind=message.kind, key=message.key, title=word(f"kind.{message.kind}", lang), lines=(told,), link="/")
