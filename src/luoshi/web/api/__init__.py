"""The interface for programs, under ``/api/v1/``: the same questions and acts as on the pages, by a token, within the rights of whoever made it.

``door``       who asks, and whether they may: token, scope, limit a minute
``problems``   the one shape of an error
``cursor``     one page of a list after the other, in an order that stands
``shapes``     what is answered, declared for the description (OpenAPI)
``telling``    rows of the ledger as these shapes, each with its quotation
``rooms``      the addresses
``interface``  all of it together, the description and its addresses
"""
