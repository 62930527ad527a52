# TracebackType keeps the numbers that it is given.
import sys
import types

frame = sys._getframe()
tb = types.TracebackType(None, frame, 1, 2)
print(tb.tb_lasti, tb.tb_lineno, tb.tb_frame is frame, tb.tb_next)
tb2 = types.TracebackType(tb, frame, 4, 7)
print(tb2.tb_lasti, tb2.tb_next is tb)
