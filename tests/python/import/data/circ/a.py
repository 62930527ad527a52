from .b import from_b
from_a = 1
