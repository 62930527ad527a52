# SPDX-License-Identifier: MIT
# _random: sequences of every kind of seed, state, errors.
import _random
R=_random.Random
def t(f,*a,**k):
    try: r=f(*a,**k)
    except BaseException as e: r=(type(e).__name__, str(e))
    return r
print(t(R,1,2),t(R,a=1),t(R().seed,[1]),t(R().seed,1,2),t(R().getrandbits,-1),t(R().getrandbits,0),t(R().getrandbits,1.0),t(R().setstate,5),t(R().setstate,(1,2)),t(R().setstate,tuple(['a']*625)),t(R().setstate,tuple([2**32]*625)),t(R().setstate,tuple([1]*624+[625])),t(R().setstate,tuple([-1]*625)),t(R().setstate,tuple([1]*624+[-1])), t(R().getrandbits,2**31), t(R().setstate,tuple([2**64]*625)))
print(R(5).random(), R(-5).random(), R(2**100).random(), R(1.5).random(), t(R,{}), R(None).random()<1, R(5).getstate()[:3], R(True).random(),R(5).getrandbits(100))
for s in (0,1,2**31,2**32-1,2**32,2**63,-2**63,2**64-1,2**64,10**500,-10**500,3**5000,3**15000, (1,2), 2.5, 0.0):
    r=R(s); print([r.random() for _ in range(3)], [r.getrandbits(k) for k in (1,5,31,32,33,63,64,65,100,128,500)], hash(r.getstate()))
r=R(1)
for _ in range(5000): r.random()
st=r.getstate(); a=[r.random() for _ in range(700)]; r.setstate(st); print(a==[r.random() for _ in range(700)], st[-1], len(st), sum(a))
class Sub(R):
    def __init__(self, a, b=2): self.b = b
print(Sub(5).random(), Sub(a=5).b, R().random() != R().random())
class I(int): pass
print(R(I(7)).random() == R(7).random())
