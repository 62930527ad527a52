# SPDX-License-Identifier: MIT
# _posixsubprocess.fork_exec: pipes, environment, directory, kept descriptors, errors of the child.
import _posixsubprocess as P, os
def t(f,*a):
    try: return f(*a)
    except BaseException as e: return type(e).__name__, str(e)
def run(args, exes, close_fds=True, keep=(), cwd=None, env=None, restore=True, setsid=False, pgid=-1, gid=None, groups=None, uid=None, umask=-1, preexec=None, vfork=True, stdin=b''):
    er, ew = os.pipe(); ir, iw = os.pipe(); orr, ow = os.pipe()
    pid = P.fork_exec(args, exes, close_fds, tuple(sorted(keep + (ew,))), cwd, env, ir, iw, orr, ow, -1, -1, er, ew, restore, setsid, pgid, gid, groups, uid, umask, preexec, vfork)
    os.close(ew); os.close(ir); os.close(ow)
    os.write(iw, stdin); os.close(iw)
    err = b''
    while data := os.read(er, 1000): err += data
    os.close(er)
    out = b''
    while data := os.read(orr, 1000): out += data
    os.close(orr)
    return err, out, os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
for vfork in (True, False):
    print(run([b'sh', '-c', 'cat; echo "$A $0"'], [b'/nonexistent/sh', b'/bin/sh'], env=[b'A=b'], stdin=b'hello ', vfork=vfork))
    print(run(['pwd'], [b'/bin/pwd'], cwd='/', vfork=vfork))
    print(run(['x'], [b'/nonexistent/x'], vfork=vfork), run(['x'], [b'/etc/passwd', b'/nonexistent/y'], vfork=vfork), run(['x'], [b'/bin/true'], cwd=b'/nonexistent', vfork=vfork))
    print(run(['sh', '-c', 'umask; ps >/dev/null 2>&1; exit 3'], [b'/bin/sh'], umask=0o27, setsid=True, vfork=vfork))
    print(run(['sh', '-c', 'kill -9 $$'], [b'/bin/sh'], pgid=0, vfork=vfork))
r, w = os.pipe()
print(run(['sh', '-c', 'echo kept >&%d; ls /proc/self/fd | wc -l' % w], [b'/bin/sh'], keep=(w,))[0], os.read(r, 100))
print(run(['sh', '-c', '(echo lost >&%d) 2>/dev/null; echo $?' % w], [b'/bin/sh'])[1] != b'0\n')
def hook(): os.write(1, b'from the hook ')
print(run(['echo', 'x'], [b'/bin/echo'], preexec=hook), run(['echo'], [b'/bin/echo'], preexec=lambda: 1/0))
print(run(['true'], [b'/bin/true'], gid=os.getgid(), uid=os.getuid(), groups=None))
d=[[b'a'],[b'/bin/true'],True,(5,),None,None,-1,-1,-1,-1,-1,-1,3,4,True,False,-1,None,None,None,-1,None,True]
for i,v in [(0,5),(0,[1]),(0,['a\0b']),(1,5),(1,[1]),(1,['a']),(3,[1]),(3,(-1,)),(3,(5,4)),(3,('a',)),(4,5),(4,'a\0b'),(5,5),(5,[1]),(5,['a=b']),(6,'a'),(13,2),(17,'a'),(17,-5),(18,5),(18,['a']),(18,[2**64]),(18,[1]*70000),(19,'a'),(20,'a'),(16,'a')]:
    a=list(d); a[i]=v
    print(i,repr(v)[:20],t(P.fork_exec,*a)[0], *t(P.fork_exec,*a)[1].replace('int found','').replace('str found','').split(',')[:1])
print(t(P.fork_exec),t(P.fork_exec,1))
