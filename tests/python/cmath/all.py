# SPDX-License-Identifier: MIT
# cmath: every function on ordinary and special values, errors.
import cmath as C
def t(f,*a,**k):
    try: r=f(*a,**k)
    except BaseException as e: r=(type(e).__name__, str(e))
    return r
inf=float('inf'); nan=float('nan')
sp=[0.0,-0.0,1.0,-2.5,1e-300,1e308,710.0,inf,-inf,nan]
fs=['acos','acosh','asin','asinh','atan','atanh','cos','cosh','exp','log','log10','sin','sinh','sqrt','tan','tanh','phase','polar','isfinite','isinf','isnan']
for f in fs:
    for a in sp:
        for b in sp: print(f,a,b,t(getattr(C,f),complex(a,b)))
for a in sp:
    for b in sp: print('rect',a,b,t(C.rect,a,b))
print(t(C.log,2,3),t(C.log,0),t(C.log,2,0),t(C.log,-1,2j),t(C.log),t(C.log,1,2,3),t(C.sqrt,'a'),t(C.sqrt),t(C.rect,1),t(C.rect,'a',1),t(C.isclose,1,1+1e-10),t(C.isclose,1,2,rel_tol=1),t(C.isclose,1,1,rel_tol=-1),t(C.isclose,1,1,abs_tol=-1),t(C.isclose,inf,inf),t(C.isclose,complex(inf,1),complex(inf,2)),t(C.isclose,nan,nan),t(C.isclose,1,'a'),t(C.isclose,1e-10,0,abs_tol=1e-9),t(C.isclose,1),t(C.phase,'a'),t(C.polar,3),t(C.exp,True))
print(C.pi,C.e,C.tau,C.inf,C.nan,C.infj,C.nanj,[n for n in dir(C) if n[0]!='_'])
class X:
    def __complex__(s): return 3+4j
class Y:
    def __float__(s): return 2.0
class Z:
    def __index__(s): return 4
print(C.sqrt(X()),C.sqrt(Y()),C.sqrt(Z()),t(C.polar,X()))
