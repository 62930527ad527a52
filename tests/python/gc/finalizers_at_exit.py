# Finalizers that run at the end of the program still find the built-in functions and print.
# not in: hard    (collections come earlier there)
import atexit, sys, types
class D:
    def __init__(self, name): self.name = name
    def __del__(self): print('gone', self.name, len(str(self.name)), isinstance(self, object))
plain = D('plain')
cycle = D('cycle')
cycle.me = cycle
def function(): return function
function.held = D('on a function')
module = types.ModuleType('own')
module.held = D('in a module')
module.me = module
def goodbye(held): print('goodbye')
atexit.register(goodbye, D('argument'))
del plain
print('last line')
