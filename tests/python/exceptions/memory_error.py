# A caught MemoryError lets go of its frames at the end of the handler, like any other exception.
class Held:
    def __init__(self, name): self.name = name
    def __del__(self): print('gone', self.name)
def fail(name):
    held = Held(name)
    return ' ' * (1 << 62)
try:
    fail('first')
except MemoryError as e:
    print(type(e), e.args, e.__traceback__ is not None, e.__context__, e.__cause__)
    e.add_note('a note')
print('after the first')
try:
    fail('second')
except MemoryError as e:
    print(e.args, hasattr(e, '__notes__'), e.__context__)
print('after the second')

# Several in use at once are several.
kept = []
for name in 'abc':
    try:
        fail(name)
    except MemoryError as e:
        kept.append(e)
print(len(set(map(id, kept))), [e.__traceback__.tb_next.tb_frame.f_locals['name'] for e in kept])
kept.pop(0)
print('popped')
kept.clear()
print('cleared')
try:
    try:
        fail('inner')
    except MemoryError as inner:
        fail('outer')
except MemoryError as outer:
    print(type(outer.__context__), outer.__context__ is not outer)
    del outer
print('end')
try:
    raise MemoryError('mine', 1)
except MemoryError as e:
    print(repr(e))
class Sub(MemoryError): pass
print(repr(Sub(1)), MemoryError.__mro__, MemoryError().args)
