import pickle, copy
it=iter(tuple[int]); print(type(it), next(pickle.loads(pickle.dumps(it))), pickle.loads(pickle.dumps(next(it))), list(it))

star = [*list[str]][0]
print(star.__reduce__()[0], pickle.loads(pickle.dumps(star)) == star, copy.deepcopy(star) == star)
try:
    type(it)()
except TypeError as e:
    print(e)
