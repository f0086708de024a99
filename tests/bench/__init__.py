"""`make bench`: what eventwright makes, against the alternatives. See docs/performance.md."""
