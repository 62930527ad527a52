# Starred aliases survive pickling and copying; async_generator is generic.
import copy
import pickle
import types

for alias in (
    tuple[int],
    next(iter(tuple[int])),
    next(iter(tuple[int, ...])),
    tuple[str, *tuple[int, ...]],
    tuple[*tuple[*tuple[int, ...]]],
):
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        again = pickle.loads(pickle.dumps(alias, protocol))
        assert again == alias and again.__unpacked__ == alias.__unpacked__, protocol
    print(alias, copy.copy(alias) == alias, copy.deepcopy(alias) == alias)
print(types.AsyncGeneratorType[int, str])
