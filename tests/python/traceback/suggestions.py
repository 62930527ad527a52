# SPDX-License-Identifier: MIT
# "Did you mean": attributes, names, imports.
# exit: 1
import sys
def show(src, **ns):
    try: exec(src, {'sys': sys, 'print': print, **ns})
    except BaseException as e:
        e.__traceback__ = None
        sys.excepthook(type(e), e, None)
class C:
    blech = 1; bluch = 2; _private = 3; CamelCase = 4
    def method_name(self): pass
    def m(self): return blech
    __slots__ = ('slot_one',)
for s in ('C.bluhc', 'C().bleh', 'C().methodname', 'C().method_nam', 'C().private', 'C()._privat', 'C().camelcase', 'C().xyz', 'C().b', 'C().slot_on', '[].appendd', '"".jion', '{}.itmes', '(1).rael', 'sys.exitt', 'sys.stdot', 'None.foo', 'print.__nam__', 'C().BLECH', 'C().blechh', 'C().' + 'x' * 100, 'C.m(1)', 'C().m()',
          'import collection', 'from sys import exitt', 'prin(1)', 'pritn(1)', 'lenn([])', 'Lne', 'x' * 50, 'C().blech.foo', 'int.form_bytes', 'setattr(C(), "blesh", 1)', 'del C().bleh', 'str.uper', 'type.mr'):
    show(s, C=C)
def f():
    local_variable = 1
    return local_varible
def g():
    outer_name = 1
    def h(): return outer_nam, outer_name
    return h()
def k():
    if 0: unbound_here = 1
    return unbound_here
def gl(): return module_levl
module_level = 1
def many():
    abc = abd = abe = 1
    return abf
class Self:
    def blech(self): pass
    def call(self): return blech()
def builtin_typo(): return enumerat([])
def free():
    x = 1
    def inner(): return x
    del x
    return inner()
for fn in (f, g, k, gl, many, Self().call, builtin_typo, free):
    try: fn()
    except NameError as e:
        print(e, e.name)
        e.__traceback__ = e.__traceback__.tb_next
        sys.excepthook(type(e), e, e.__traceback__)
e = AttributeError('custom'); sys.excepthook(type(e), e, None)
e = AttributeError('custom', name='bluch', obj=C()); sys.excepthook(type(e), e, None)
e = AttributeError('custom', name='blich', obj=C()); sys.excepthook(type(e), e, None)
e = NameError('custom', name='prnt'); sys.excepthook(type(e), e, None)
class G:
    def __getattr__(self, k): raise AttributeError('from getattr')
    def __dir__(self): return ['something']
show('G().somethin', G=G)
class D:
    def __dir__(self): raise ValueError
show('D().x', D=D)
class P:
    @property
    def value(self): return self.valeu
show('P().value', P=P)
raise AttributeError('end')
