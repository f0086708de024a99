""" "Nothing has changed", answered from the locks alone and without imports."""
