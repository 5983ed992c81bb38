"""The burden meter: what each unit was asked in a period, how often, and what was asked twice."""
