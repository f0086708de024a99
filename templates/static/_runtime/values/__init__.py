"""JSON values: exact, unchangeable, and what is wrong with them. The same in every package."""
