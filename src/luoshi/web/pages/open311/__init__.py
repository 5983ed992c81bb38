"""Open311 GeoReport v2: what programs of others ask and report."""
