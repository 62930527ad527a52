"""A package."""
from . import alpha
value = 1
