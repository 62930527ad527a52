import circ.d
x = circ.d.y
