# A literal is warned about once for each time that CPython parses it.
import warnings
for mode in 'exec','single','eval':
  for flags in 0, 0x4000, 0x200, 0x4200:
    for src in ("'\\e' 1","'\\e' 1\n"):
      with warnings.catch_warnings(record=True) as w:
        warnings.simplefilter('always')
        try: compile(src, 'x', mode, flags)
        except SyntaxError as e: pass
        print(mode, hex(flags), repr(src), len(w))
