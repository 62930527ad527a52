# The module _locale in the locales that every system has, and locale on it.
import _locale
import locale
import os
import time

def attempt(f, *args, **kw):
    try:
        print(ascii(f(*args, **kw)))
    except BaseException as e:
        print(type(e).__name__, ascii(e.args))


attempt(_locale.setlocale, 0, 'C')
attempt(_locale.setlocale, 6, 'C')
attempt(_locale.setlocale, 0, 'C.UTF-8')
attempt(_locale.setlocale, 6)
attempt(_locale.setlocale, 6, _locale.setlocale(6))
attempt(_locale.setlocale, 6, 'LC_CTYPE=C;x=1')
attempt(_locale.setlocale, 6, 'LC_CTYPE=C')
attempt(_locale.setlocale, 6, 'nope')
attempt(_locale.setlocale, 99)
attempt(_locale.setlocale, 'a')
attempt(_locale.setlocale, 6, 3)
attempt(_locale.setlocale, 6, 'a\0b')
attempt(_locale.setlocale)
attempt(_locale.setlocale, 6, 'POSIX')
attempt(_locale.setlocale, 99, 'C')
attempt(_locale.setlocale, 6, 'x'*300)
attempt(_locale.localeconv)
attempt(_locale.nl_langinfo, _locale.CODESET)
attempt(_locale.nl_langinfo, 99999)
attempt(_locale.nl_langinfo, 'a')
attempt(_locale.strcoll, 'a', 'b')
attempt(_locale.strcoll, 'a\0', 'b')
attempt(_locale.strcoll, 1, 2)
attempt(_locale.strxfrm, 'abc')
attempt(_locale.strxfrm, 'a\0b')
attempt(_locale.strxfrm, 1)
attempt(_locale.setlocale, 6, 'C.UTF-8')
attempt(_locale.getencoding)
attempt(_locale.gettext, 'a')
attempt(_locale.gettext, 1)
attempt(_locale.dgettext, None, 'x')
attempt(_locale.dgettext, 'd', 1)
attempt(_locale.dgettext, 2, 'd')
attempt(_locale.dcgettext, 'd', 'x', 5)
attempt(_locale.textdomain, None)
attempt(_locale.textdomain, 'foo')
attempt(_locale.textdomain, '')
attempt(_locale.textdomain, 3)
attempt(_locale.bindtextdomain, 'a', '/tmp')
attempt(_locale.bindtextdomain, '', '/tmp')
attempt(_locale.bindtextdomain, 'a', None)
attempt(_locale.bind_textdomain_codeset, 'a', 'utf8')
attempt(_locale.bind_textdomain_codeset, 'a', None)
attempt(_locale.bind_textdomain_codeset, 'b', None)
attempt(_locale.bindtextdomain, 1, 2)


os.environ['LC_ALL'] = 'POSIX'
attempt(_locale.setlocale, 1, '')
print([_locale.nl_langinfo(getattr(_locale, k)) for k in dir(_locale)
       if k.isupper() and k[:3] != 'LC_' and k != 'CHAR_MAX'])
attempt(_locale.strxfrm, 'z日\U0001f600é')
attempt(_locale.strcoll, '日', 'é')
attempt(_locale.strxfrm, '')

print(locale.Error is _locale.Error, _locale.Error.__mro__)
print([(k, getattr(_locale, k)) for k in dir(_locale) if isinstance(getattr(_locale, k), int)])
locale.setlocale(locale.LC_ALL, "C")
print(locale.getlocale(), locale.format_string("%d %.2f", (1234567, 2.5), grouping=True),
      locale.atof("1.5"), sorted("bAaB", key=locale.strxfrm), locale.strcoll("a", "b"))
print(time.strftime("%A %B %c %x %X %p", (2024, 2, 29, 13, 5, 9, 3, 60, 0)))
locale.setlocale(locale.LC_ALL, "C.UTF-8")
print(locale.getlocale(), locale.getencoding(), sorted("bAaB\xe9", key=locale.strxfrm))
attempt(locale.setlocale, locale.LC_ALL, "xx_YY")
attempt(locale.setlocale, locale.LC_ALL, ("xx_YY", "UTF-8"))
print(locale.setlocale(locale.LC_ALL))
