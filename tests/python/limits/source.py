# SPDX-License-Identifier: MIT
# Large and deep sources: a result or a clear error.
def t(name, src, mode='exec'):
    try: c = compile(src, 'f', mode); print(name, 'ok')
    except (RecursionError, MemoryError, OverflowError, ValueError, SyntaxError) as e: print(name, type(e).__name__, str(e)[:80])
t('parens 10000', '(' * 10000 + ')' * 10000); t('parens 200', '(' * 199 + '1' + ')' * 199); t('parens 201', '(' * 201 + '1' + ')' * 201)
t('brackets', '[' * 10000); t('braces', '{' * 10000 + '}' * 10000)
t('1 MB line', 'x = "' + 'a' * 1000000 + '"'); t('1 MB names', 'a' * 1000000 + ' = 1'); t('1 MB comment', '#' + 'c' * 1000000); t('1 MB spaces', ' ' * 1000000 + 'x'); t('1 MB number', '1' * 1000000); t('1 MB hex', '0x' + 'f' * 1000000)
t('100 indents', ''.join(' ' * i + 'if 1:\n' for i in range(99)) + ' ' * 99 + 'pass\n'); t('101 indents', ''.join(' ' * i + 'if 1:\n' for i in range(101)) + ' ' * 101 + 'pass\n')
t('nul', 'x = 1\0'); t('nul bytes', b'x = 1\0'); t('bad utf8', b'\xff\xfe = 1'); pass
t('literal list', '[' + '1,' * 100000 + ']'); t('literal dict', '{' + '1:1,' * 50000 + '}'); t('many args', 'f(' + '1,' * 20000 + ')'); t('many kwargs', 'f(' + ','.join(f'a{i}=1' for i in range(5000)) + ')'); t('many params', 'def f(' + ','.join(f'a{i}' for i in range(5000)) + '): pass')
t('many statements', 'x = 1\n' * 20000); t('many names', '\n'.join(f'v{i} = {i}' for i in range(10000))); t('many locals', 'def f():\n' + '\n'.join(f' v{i} = {i}' for i in range(5000))); t('many consts', 'x = [' + ','.join(f'"s{i}"' for i in range(20000)) + ']')
t('many elif', 'if x: pass\n' + 'elif y: pass\n' * 500); t('long and', 'x = ' + ' and '.join(['a'] * 5000)); t('long or compare', 'x = ' + ' < '.join(['a'] * 5000)); t('long str concat', 'x = ' + ' '.join(['"a"'] * 20000)); t('long fstring', 'x = f"' + '{a}' * 5000 + '"'); t('long decorators', '@d\n' * 2000 + 'def f(): pass'); t('long with', 'with ' + ', '.join(['a'] * 15) + ': pass'); t('many except', 'try: pass\n' + 'except A: pass\n' * 2000); t('many cases', 'match x:\n' + ''.join(f' case {i}: pass\n' for i in range(2000))); t('long del', 'del ' + ', '.join(['a'] * 5000)); t('long import', 'import ' + ', '.join(['a'] * 5000)); t('chain assign', ' = '.join(['a'] * 2000) + ' = 1'); t('or pattern', 'match x:\n case ' + ' | '.join(map(str, range(2000))) + ': pass'); t('fstring nest', "f'{f\"{1}\"}'"); t('backslashes', 'x = \\\n' * 1 + '1'); t('semicolons', 'x;' * 5000); t('empty lines', '\n' * 100000); t('unterminated', '"""' + 'a' * 100000); t('lambda body', 'lambda ' + ','.join(f'a{i}' for i in range(1000)) + ': 0')
print(eval('+'.join(['1'] * 900)), eval('"a"' * 10000 and '1'), len(eval('(' + '1,' * 10000 + ')')), eval('-' * 50 + '1'), eval('not ' * 50 + '1'))
ns = {}
exec('def f(*a): return len(a)\nr = f(' + '1,' * 3000 + ')', ns); print(ns['r'])
exec('\n'.join(f'def g{i}(): return {i}' for i in range(2000)), ns); print(ns['g1999']())
exec('class C:\n' + '\n'.join(f'  a{i} = {i}' for i in range(2000)), ns); print(ns['C'].a1999)
exec('def big():\n' + '\n'.join(f' v{i} = {i}' for i in range(3000)) + '\n return v2999', ns); print(ns['big']())
exec('x = 0\n' + 'if x >= 0: x += 1\n' * 3000, ns); print(ns['x'])
exec('def j(n):\n while n:\n  n -= 1\n' + '  if n < 0: n = 0\n' * 3000 + ' return n', ns); print(ns['j'](3))
