# Keys of sort() whose end changes the list: that counts as a change during the sort.
data = list(range(10))


class Killer:
    def __init__(self, x):
        pass

    def __del__(self):
        del data[:]
        data[:] = range(20)

    def __lt__(self, other):
        return id(self) < id(other)


try:
    data.sort(key=Killer)
except ValueError as e:
    print(e, len(data))


class Raises(Killer):
    def __init__(self, x):
        if x > 2:
            raise RuntimeError(x)


data = list(range(10))
try:
    data.sort(key=Raises)
except RuntimeError as e:
    print("RuntimeError", e, len(data))
