from .a import from_a
from_b = 1
