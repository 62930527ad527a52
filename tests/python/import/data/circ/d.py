import circ.c
y = circ.c.x
