# The module syslog; what it writes is seen with LOG_PERROR.
import os
import sys
import syslog

def attempt(f, *args, **kw):
    try:
        print(ascii(f(*args, **kw)))
    except BaseException as e:
        print(type(e).__name__, ascii(e.args))


attempt(syslog.syslog)
attempt(syslog.syslog, 1)
attempt(syslog.syslog, 'a', 'b')
attempt(syslog.syslog, 1, 'a', 2)
attempt(syslog.syslog, 1, 2)
attempt(syslog.setlogmask, 255)
attempt(syslog.setlogmask, 0)
attempt(syslog.setlogmask, 'a')
attempt(syslog.LOG_UPTO, 3)
attempt(syslog.LOG_MASK, 3)
attempt(syslog.LOG_MASK, 'a')
attempt(syslog.openlog, 1)
attempt(syslog.openlog, 'a', 1, 2, 3)
attempt(syslog.openlog, 'a\0b')
attempt(syslog.openlog, foo=1)
attempt(syslog.closelog, 1)
attempt(syslog.syslog, 'a\0b')
attempt(syslog.syslog, '\ud800')
attempt(syslog.LOG_UPTO, 31)
attempt(syslog.LOG_UPTO, 62)
attempt(syslog.openlog, 'x', 'y')
print([(k, getattr(syslog, k)) for k in dir(syslog) if isinstance(getattr(syslog, k), int)])

sys.stdout.flush()
os.dup2(1, 2)
syslog.setlogmask(255)
syslog.openlog("me", syslog.LOG_PERROR)
syslog.syslog("hello \xe9")
syslog.syslog(3, "err\n")
syslog.openlog(logoption=syslog.LOG_PERROR)
syslog.syslog("x%sy")
syslog.setlogmask(syslog.LOG_UPTO(3))
syslog.syslog("not seen")
syslog.syslog(syslog.LOG_ERR | syslog.LOG_MAIL, "seen")
syslog.closelog()
syslog.syslog(3, "closed: opened again without the option")
syslog.openlog("", syslog.LOG_PERROR)
syslog.syslog(3, "no name")
syslog.openlog("a\0b", syslog.LOG_PERROR)
syslog.syslog(3, "hello\0 x")
