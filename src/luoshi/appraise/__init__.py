"""Scores that can be re-computed: schemes as files, each point with its rule, what it rests on and the arithmetic. Pure: no storage, no clock."""
