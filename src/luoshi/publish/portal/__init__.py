"""The public record as pages: which there are, and what stands on each. Made from the content of releases alone. Pure."""

from luoshi.publish.portal.pages import Found, page_of, paths
from luoshi.publish.portal.site import Site, site_of

__all__ = ["Found", "Site", "page_of", "paths", "site_of"]
