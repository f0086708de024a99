"""Documents of many vendors, as packages of PyPI and npm ship them, and what becomes of each."""
