"""Papers that go out: bulletins, a leader's page, breakdown, the draft of the next report; and a check of any docx."""
