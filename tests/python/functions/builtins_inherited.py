# A function made of code and globals sees the builtins of its maker.
def func(s):
    return len(s)


made = type(func)(func.__code__, {})
print(made("abc"), made.__globals__, made.__builtins__ is func.__builtins__)
own = {"None": None}
ns = {"type": type, "__builtins__": own}
exec("def f(): pass\ng = type(f)(f.__code__, {})", ns)
print(ns["f"].__builtins__ is own, ns["g"].__builtins__ is own)
print(ns["g"].__globals__)
