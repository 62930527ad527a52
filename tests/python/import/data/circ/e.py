from . import f as g
val = 1
