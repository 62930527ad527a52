"""super() that is not followed by an attribute."""
class A:
    def f(self): return 'A.f'
class B(A):
    def plain(self):
        s = super()
        return s.f()
    def cell(self):
        def inner(): return self
        s = super()
        return s.f(), inner() is self
    def deleted(self):
        del self
        s = super()
    def other(*args):
        s = super()
    def alias(self):
        return call(super)
    @staticmethod
    def none():
        s = super()
    def gen(self):
        yield super()
    def comp(self):
        return [super() for x in (1,)]
def call(f): return f()
b = B()
print(b.plain(), b.cell(), next(b.gen()).f())
for f in b.deleted, b.other, b.alias, b.none, b.comp, lambda: super(), lambda x=1: super():
    try: print(f())
    except Exception as e: print(type(e).__name__, e)
