"""`eventwright pull`: bring the documents up to what their sources publish."""
