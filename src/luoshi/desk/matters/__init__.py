"""Acts on matters: file, act, the clock, group duties, mechanisms of the office. Everything that a person may do to an item in the loop."""

from __future__ import annotations

from luoshi.desk.matters.acting import Try, act, act_many, open_to
from luoshi.desk.matters.filing import Form, file, file_form
from luoshi.desk.matters.ruling import rules_for
from luoshi.desk.matters.ticking import tick

__all__ = ["Form", "Try", "act", "act_many", "file", "file_form", "open_to", "rules_for", "tick"]
