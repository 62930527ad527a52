# Circular imports (in threads, too), reload, lazy loading, namespace packages, packages in zip
# files with resources and metadata, folders and zip files as programs, the order of finders.
import sys, os, shutil, tempfile, threading, importlib, importlib.util, zipfile, time
d=tempfile.mkdtemp(); sys.path.insert(0,d); sys.dont_write_bytecode=True
W=lambda n,t: (os.makedirs(os.path.dirname(os.path.join(d,n)),exist_ok=True), open(os.path.join(d,n),'w').write(t))
W('ca.py','import time; time.sleep(.05)\nimport cb\nx=1\n'); W('cb.py','import time; time.sleep(.05)\nimport ca\ny=2\n')
res=[]
def imp(n):
    try: res.append((n, __import__(n).__name__))
    except BaseException as e: res.append((n,repr(e)))
ts=[threading.Thread(target=imp,args=(n,)) for n in ('ca','cb')]
[t.start() for t in ts];[t.join(10) for t in ts]; print(sorted(res), [t.is_alive() for t in ts])
W('circ/__init__.py','from . import a\n'); W('circ/a.py','from . import b\nA=1\n'); W('circ/b.py','try:\n    from .a import A\nexcept ImportError as e:\n    print(type(e).__name__, str(e).replace(__file__[:-9],"D"))\nimport circ.a as q\nprint(q.__name__)\ntry: q.A\nexcept AttributeError as e: print(e)\n')
import circ
W('lz.py','print("loaded")\nv=7\n')
spec=importlib.util.find_spec('lz'); ld=importlib.util.LazyLoader(spec.loader); spec.loader=ld; m=importlib.util.module_from_spec(spec); sys.modules['lz']=m; ld.exec_module(m); print('before'); print(m.v); print(type(m))
W('rl.py','n=globals().get("n",0)+1\n'); import rl; r=importlib.reload(rl); print(r is rl, rl.n)
W('rl.py','raise ValueError("no")\n')
try: importlib.reload(rl)
except ValueError as e: print('kept', 'rl' in sys.modules, rl.n)
try: importlib.reload(3)
except TypeError as e: print(e)
del sys.modules['rl']
try: importlib.reload(rl)
except ImportError as e: print(e, e.name)
W('nsp/one/np/m1.py','a=1'); W('nsp/two/np/m2.py','b=2'); W('nsp/two/np/data.txt','hello')
sys.path[:0]=[d+'/nsp/one',d+'/nsp/two']
import np.m1, np.m2; print(len(list(np.__path__)), np.__spec__.loader.__class__.__name__, np.__spec__.origin)
import importlib.resources as R, warnings
warnings.simplefilter('ignore')
print(R.files('np').joinpath('data.txt').read_text(), sorted(x.name for x in R.files('np').iterdir() if x.name!='__pycache__'))
z=os.path.join(d,'pk.zip')
with zipfile.ZipFile(z,'w') as f:
    f.writestr('zp/__init__.py','v=1\n'); f.writestr('zp/res/t.txt','in zip'); f.writestr('zp/sub/__init__.py','1/0\n'); f.writestr('zp/b.bin',b'\0\1'); f.writestr('Zd-1.0.dist-info/METADATA','Metadata-Version: 2.1\nName: Zd\nVersion: 1.0\nRequires-Dist: foo>1; extra=="x"\n'); f.writestr('Zd-1.0.dist-info/entry_points.txt','[console_scripts]\nzz = zp:v\n[g2]\nk = zp.sub:main [e]\n'); f.writestr('Zd-1.0.dist-info/RECORD','zp/__init__.py,sha256=abc,5\n')
    f.writestr('zp/nsz/only.txt','x'); f.writestr('__main__.py','import sys;print("main", __spec__.name, __package__, __file__[-11:], sys.path[0][-6:], __loader__.__class__.__name__)\n')
sys.path.insert(0,z)
import zp; print(zp.__file__[-14:], zp.__spec__.loader.__class__.__name__)
print(R.files(zp).joinpath('res/t.txt').read_text(), R.read_binary(zp,'b.bin'), sorted(x.name for x in R.files(zp).iterdir()), R.is_resource(zp,'b.bin'), R.is_resource(zp,'res'))
with R.as_file(R.files(zp).joinpath('res/t.txt')) as p: print(type(p).__name__, p.read_text())
try: import zp.sub
except ZeroDivisionError as e: import traceback; print(traceback.format_exc().replace(d,'D'))
import importlib.metadata as M
x=M.distribution('zd'); print(x.version, x.metadata['Name'], x.requires, [str(f) for f in x.files], sorted((e.group,e.name,e.value,e.extras) for e in x.entry_points))
try: M.version('no-such-dist-x')
except M.PackageNotFoundError as e: print(repr(e), e)
import subprocess
done = subprocess.run([sys.executable, z],capture_output=True,text=True); print(done.stdout, done.stderr, done.returncode)
W('dm/__main__.py','print(__spec__.name, __package__, __file__[-11:], __loader__.name)\n'); print(subprocess.run([sys.executable, d+'/dm'],capture_output=True,text=True).stdout)
class F:
    @staticmethod
    def find_spec(n,p,t=None): print('asked',n,p); return None
sys.meta_path.insert(0,F)
try: import nope.x
except ImportError as e: print(e)
sys.meta_path.remove(F)
print(__spec__, __name__)
shutil.rmtree(d)
