"""All pages of the web, in one list. A page that is not here has no address."""

from __future__ import annotations

from luoshi.web.page import Page
from luoshi.web.pages.admin_accounts import view as admin_accounts
from luoshi.web.pages.admin_aliases import view as admin_aliases
from luoshi.web.pages.admin_api import view as admin_api
from luoshi.web.pages.admin_audit import view as admin_audit
from luoshi.web.pages.admin_channels import view as admin_channels
from luoshi.web.pages.admin_open311 import view as admin_open311
from luoshi.web.pages.admin_papers import view as admin_papers
from luoshi.web.pages.admin_posts import view as admin_posts
from luoshi.web.pages.admin_regions import view as admin_regions
from luoshi.web.pages.admin_settings import view as admin_settings
from luoshi.web.pages.admin_units import view as admin_units
from luoshi.web.pages.api import view as api
from luoshi.web.pages.appraisals import view as appraisals
from luoshi.web.pages.board import view as board
from luoshi.web.pages.burden import view as burden
from luoshi.web.pages.calendar import view as calendar
from luoshi.web.pages.chart import view as chart
from luoshi.web.pages.checking import view as checking
from luoshi.web.pages.compare import view as compare
from luoshi.web.pages.contradictions import view as contradictions
from luoshi.web.pages.desk import view as desk
from luoshi.web.pages.document import view as document
from luoshi.web.pages.documents import view as documents
from luoshi.web.pages.health import view as health
from luoshi.web.pages.home import view as home
from luoshi.web.pages.indicator import view as indicator
from luoshi.web.pages.indicators import view as indicators
from luoshi.web.pages.intake import view as intake
from luoshi.web.pages.item import view as item
from luoshi.web.pages.items import view as items
from luoshi.web.pages.leader import view as leader
from luoshi.web.pages.ledger import view as ledger
from luoshi.web.pages.lookback import view as lookback
from luoshi.web.pages.matter_file import view as matter_file
from luoshi.web.pages.matter_new import view as matter_new
from luoshi.web.pages.mechanisms import view as mechanisms
from luoshi.web.pages.notices import view as notices
from luoshi.web.pages.open311 import view as open311
from luoshi.web.pages.orders import view as orders
from luoshi.web.pages.organisation import view as organisation
from luoshi.web.pages.organisations import view as organisations
from luoshi.web.pages.orphans import view as orphans
from luoshi.web.pages.papers import view as papers
from luoshi.web.pages.password import view as password
from luoshi.web.pages.portal import view as portal
from luoshi.web.pages.profile import view as profile
from luoshi.web.pages.promise import view as promise
from luoshi.web.pages.promote import view as promote
from luoshi.web.pages.rates import view as rates
from luoshi.web.pages.record import view as record
from luoshi.web.pages.region import view as region
from luoshi.web.pages.regions import view as regions
from luoshi.web.pages.release import view as release
from luoshi.web.pages.room import view as room
from luoshi.web.pages.schemes import view as schemes
from luoshi.web.pages.search import view as search
from luoshi.web.pages.sheet import view as sheet
from luoshi.web.pages.signin import view as signin
from luoshi.web.pages.signout import view as signout
from luoshi.web.pages.tokens import view as tokens
from luoshi.web.pages.undo import view as undo

#: one line a page
PAGES: tuple[Page, ...] = (
    admin_accounts.PAGE,
    admin_aliases.PAGE,
    admin_api.PAGE,
    admin_audit.PAGE,
    admin_channels.PAGE,
    admin_open311.PAGE,
    admin_papers.PAGE,
    admin_posts.PAGE,
    admin_regions.PAGE,
    admin_settings.PAGE,
    admin_units.PAGE,
    api.PAGE,
    appraisals.PAGE,
    board.PAGE,
    burden.PAGE,
    calendar.PAGE,
    chart.PAGE,
    checking.PAGE,
    compare.PAGE,
    contradictions.PAGE,
    desk.PAGE,
    document.PAGE,
    documents.PAGE,
    health.PAGE,
    home.PAGE,
    indicator.PAGE,
    indicators.PAGE,
    intake.PAGE,
    item.PAGE,
    items.PAGE,
    leader.PAGE,
    ledger.PAGE,
    lookback.PAGE,
    mechanisms.PAGE,
    notices.PAGE,
    open311.PAGE,
    orders.PAGE,
    organisation.PAGE,
    organisations.PAGE,
    matter_file.PAGE,
    matter_new.PAGE,
    orphans.PAGE,
    papers.PAGE,
    password.PAGE,
    portal.PAGE,
    profile.PAGE,
    promise.PAGE,
    promote.PAGE,
    rates.PAGE,
    release.PAGE,
    room.PAGE,
    schemes.PAGE,
    search.PAGE,
    record.PAGE,
    region.PAGE,
    regions.PAGE,
    sheet.PAGE,
    signin.PAGE,
    signout.PAGE,
    tokens.PAGE,
    undo.PAGE,
)  # fmt: skip
