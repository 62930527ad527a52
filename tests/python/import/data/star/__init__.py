__all__ = ["a", "sub"]
a = 1
b = 2
