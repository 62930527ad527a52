import circ.e as h
val2 = h.__name__
