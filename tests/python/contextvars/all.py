# SPDX-License-Identifier: MIT
# _contextvars: Context, ContextVar, Token.
import _contextvars as C
def norm(s):
    out=s.split('0x')
    return '0x'.join([out[0]]+[p.lstrip('0123456789abcdef') for p in out[1:]])
def t(f,*a,**k):
    try: r=f(*a,**k)
    except BaseException as e: r=(type(e).__name__, str(e))
    return r
v=C.ContextVar('v'); w=C.ContextVar('w',default=5); ctx=C.Context()
print(t(C.ContextVar),t(C.ContextVar,5),t(v.get)[0],v.get(3),w.get(),w.get(4),t(v.get,1,2),t(C.Token),t(C.Context,1),t(ctx.run),t(ctx.run,5),t(lambda:ctx['a']),t(lambda:ctx[v])[0],t(ctx.get,1),ctx.get(v),ctx.get(v,7),v in ctx,t(lambda:5 in ctx),len(ctx),list(ctx),t(hash,ctx),ctx==C.Context(),ctx!=C.Context(),t(lambda:ctx<ctx))
tok=v.set(1); print(repr(tok)[:10],tok.var is v,tok.old_value,t(hash,tok),t(w.reset,tok)[0],t(v.reset,5),v.get(),t(ctx.run,v.reset,tok)[0])
t2=v.set(2); print(t2.old_value); v.reset(t2); print(v.get(),t(v.reset,t2)[0]); v.reset(tok); print(t(v.get)[0])

print(norm(repr(v)),norm(repr(w)),norm(repr(tok)),norm(repr(v.set(1))),norm(str(t(v.reset,t2))),norm(str(t(w.reset,t2))),repr(C.Token.MISSING),type(C.Token.MISSING))
def inner(): 
    v.set(10); return dict(C.copy_context().items())[v], t(ctx.run,print)[0]
print(ctx.run(inner), v.get(), ctx[v], list(ctx.keys())==[v], list(ctx.values()), list(ctx.items())==[(v,10)], ctx==ctx.copy())
print(t(setattr,v,'name','x'),v.name, C.ContextVar[int], C.Token[int], t(type,'x',(C.ContextVar,),{}),t(type,'x',(C.Context,),{}),t(type,'x',(C.Token,),{}),hash(v)==hash(v), v==v, v==w)

# The snapshot an iterator sees stays; a copy is independent.
c1 = C.Context(); c1.run(v.set, 1); c1.run(w.set, 2)
it = iter(c1.items()); first = next(it); c1.run(v.set, 99); print(set([first, *it]) == {(v, 1), (w, 2)}, c1[v])
c2 = c1.copy(); c2.run(v.set, 5); print(c1[v], c2[v])
print(t(c1.run, lambda: 1/0)[0], c1.run(lambda *a, **k: (a, k), 1, x=2))
import _thread, time
out = []
_thread.start_new_thread(lambda: out.append(v.get('none')), ())
while not out: time.sleep(0.001)
print(out)
