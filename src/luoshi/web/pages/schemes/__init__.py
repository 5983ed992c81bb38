"""Schemes of appraisal: what each scores, by which rule, and what of it must not be scored."""
