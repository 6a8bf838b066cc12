"""Rebuilds the embedded sentiment model: `python -m training` (see README.md beside this file)."""

import os

# Before PyTorch is imported: threads that spin while they wait made training six times slower on a busy machine.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
