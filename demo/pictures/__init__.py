"""The pictures of docs/staff.md: `python -m demo.pictures` makes them anew."""
