"""A project's say on findings: severities, acceptances, announced ends."""
