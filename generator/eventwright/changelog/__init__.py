"""`eventwright changelog`: a document's git history, told release by release."""
