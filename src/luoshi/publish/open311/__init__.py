"""Open311 GeoReport v2: our categories and orders as its XML and JSON, and what its clients send as values.

Pure: values in, bytes out; form fields in, values out. What a caller tells of himself (name, telephone, e-mail, device, account) is in
``Caller``, which only comes in: no type that goes out has a place for it. Source: wiki.open311.org/GeoReport_v2. Texts that go out are shown
to everybody, so whoever makes a ``RequestView`` masks them first (``luoshi.masking``).
"""

from luoshi.publish.open311.asking import Query, read_jurisdiction, read_query
from luoshi.publish.open311.posting import Caller, Posted, read_post
from luoshi.publish.open311.values import Attribute, BadRequest, Choice, Problem, Receipt, RequestView, Service, receipt_of
from luoshi.publish.open311.writing import (
    definition_json,
    definition_xml,
    errors_json,
    errors_xml,
    receipts_json,
    receipts_xml,
    requests_json,
    requests_xml,
    services_json,
    services_xml,
)

__all__ = [
    "Attribute",
    "BadRequest",
    "Caller",
    "Choice",
    "Posted",
    "Problem",
    "Query",
    "Receipt",
    "RequestView",
    "Service",
    "definition_json",
    "definition_xml",
    "errors_json",
    "errors_xml",
    "read_jurisdiction",
    "read_post",
    "read_query",
    "receipt_of",
    "receipts_json",
    "receipts_xml",
    "requests_json",
    "requests_xml",
    "services_json",
    "services_xml",
]
