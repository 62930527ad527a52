# SPDX-License-Identifier: MIT
# select, poll, epoll: readiness, errors, interrupted waits.
import select, os, time, _thread
def t(f,*a):
    try: return f(*a)
    except BaseException as e: return type(e).__name__, str(e)
r, w = os.pipe()
p = select.poll(); e = select.epoll()
print(select.select([r],[w],[],0) == ([],[w],[]), select.select([r],[],[],0.01))
p.register(r); p.register(w, select.POLLOUT); e.register(r, select.EPOLLIN)
print(p.poll(0) == [(w, 4)], e.poll(0))
def later():
    time.sleep(0.05); os.write(w, b'x')
for wait in (lambda: select.select([r],[],[],5)[0], lambda: e.poll(5), lambda: e.poll()):
    _thread.start_new_thread(later, ())
    print(len(wait())); os.read(r, 1)
p.modify(w, 0); _thread.start_new_thread(later, ()); print(p.poll() == [(r, select.POLLIN)]); p.unregister(w)
print(e.poll(1, 1) == [(r, 1)]); e.modify(r, 0); print(e.poll(0)); e.unregister(r)
os.close(w); print(p.poll(100)[0][1] & select.POLLHUP != 0)
print(t(p.register,'a'),t(p.register,-1),t(p.register,0,'x'),t(p.register,0,-1),t(p.register,0,70000),t(p.modify,99,1),t(p.unregister,99),t(p.poll,'a'),t(p.poll,2**40),t(p.poll,2**70),t(p.poll,float('nan')),t(p.poll,1,2),t(p.poll,1e30))
print(t(select.epoll,0),t(select.epoll,-2),t(select.epoll,5,3),type(select.epoll(-1,0)),t(e.register,'a'),t(e.register,-1),t(e.register,999),t(e.unregister,999),t(e.poll,'a'),t(e.poll,0),t(e.poll,0,0),t(e.poll,0,-2),t(e.poll,0,'a'),e.closed,e.fileno()>2)
with e: pass
print(e.closed,t(e.fileno),t(e.poll),t(e.register,0),t(e.close),t(e.__enter__))
S=select.select
print(t(S),t(S,5,[],[]),t(S,['a'],[],[]),t(S,[-1],[],[]),t(S,[1024],[],[]),t(S,[],[],[],'a'),t(S,[],[],[],-1),t(S,[],[],[],0),t(S,[],[],[],float('nan')),t(S,[],[],[],1e30))
class F:
    def fileno(s): return 'a'
class G:
    def fileno(s): return r
print(t(S,[F()],[],[]),len(S([G()],[],[])[0]),t(S,[2**40],[],[]),t(p.register,2**40),t(S,[object()],[],[]))
print([n for n in dir(select) if n[0]!='_'], select.EPOLLET, select.error)

a = []
class Gone:
    def fileno(s): del a[-1]; return 2
a[:] = [Gone() for _ in range(10)]; print(len(S([], a, [])[1]) <= 5, len(a))
p = select.poll(); r, w = os.pipe(); p.register(r, select.POLLIN); _thread.start_new_thread(later, ()); print(len(p.poll(-1e-100)))
