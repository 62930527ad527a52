# SPDX-License-Identifier: MIT
# _heapq and _bisect.
import _bisect,_heapq
def t(f,*a,**k):
    try: r=f(*a,**k)
    except BaseException as e: r=(type(e).__name__, str(e))
    return r
print(t(_bisect.bisect_right),t(_bisect.bisect_right,[1],2,-1),t(_bisect.bisect_right,[1,2,3],2,0,10),t(_bisect.bisect_right,5,2),t(_bisect.bisect_left,[1,'a'],2),t(_bisect.bisect_right,[1,2],1,0,-1),t(_bisect.bisect_right,[1,2],1,0,-2),t(_bisect.insort_right,(1,2),1),t(_bisect.bisect_right,{1:2},1),t(_bisect.bisect_right,[1],1,0,None,key=5),t(_bisect.bisect_right,{},1,0,1), t(_bisect.bisect_right,[1],1,hi='a'))
for f in (_heapq.heappush,_heapq.heappop,_heapq.heapify,_heapq.heapreplace,_heapq._heappop_max,_heapq._heapreplace_max,_heapq._heapify_max,_heapq.heappushpop):
    print(f.__name__,t(f),t(f,(1,)),t(f,(1,),2),t(f,[]),t(f,[],2))




import _random
r=_random.Random(3)
for n in (0,1,2,3,10,100):
    data=[r.getrandbits(8) for _ in range(n)]
    h=data[:]; _heapq.heapify(h); print(h[:12]); out=[_heapq.heappop(h) for _ in range(n)]; print(out==sorted(data))
    m=data[:]; _heapq._heapify_max(m); print(m[:12], [_heapq._heappop_max(m) for _ in range(n)]==sorted(data,reverse=True))
    s=[]; p=[]
    for x in data: _bisect.insort_left(s,x); _heapq.heappush(p,x)
    print(s==sorted(data), p[:12], [_bisect.bisect_right(s,x)-_bisect.bisect_left(s,x) for x in data[:8]])
    if data: print(_heapq.heappushpop(p,100), _heapq.heapreplace(p,3), _heapq._heapreplace_max(sorted(data,reverse=True),0))
class X:
    def __init__(s,l): s.l=l
    def __lt__(s,o): s.l.clear(); return True
for f in (_heapq.heapify,_heapq.heappop,_heapq._heapify_max,_heapq._heappop_max):
    l=[]; l.extend(X(l) for _ in range(6)); print(f.__name__, t(f,l))
l=[]; l.extend(X(l) for _ in range(6)); print(t(_heapq.heappush,l,X(l)), t(_heapq.heappushpop,[X(l),X(l)],X([1])) is not None)
print(_bisect.bisect_left([(1,'a'),(2,'b'),(3,'c')],2,key=lambda p:p[0]), t(_bisect.bisect_left,[1],1,key=lambda p:1/0))
k=[(1,'a'),(3,'c')]; _bisect.insort_right(k,(2,'b'),key=lambda p:p[0]); print(k)
class L(list):
    def insert(s,i,x): print('insert',i,x); list.insert(s,i,x)
l=L([1,3]); _bisect.insort_left(l,2); print(l, _bisect.bisect_left(range(10**6),777))
