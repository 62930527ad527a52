# The constructor of a struct sequence: a sequence, and a dict for the fields that are no items.
import copy
import pickle
import time

make = time.struct_time
nine = "123456789"
for args in (
    ("123",), ("123", {}), (nine,), (nine, None), (nine, 5), (nine, {"tm_zone": "X"}),
    ("12345678910", {"tm_zone": "X"}), ("1234567891011",), (None,), (3, {}), (),
):
    try:
        t = make(*args)
        print(tuple(t), t.tm_zone, t.tm_gmtoff)
        print(t.__reduce__())
        for p in range(6):
            u = pickle.loads(pickle.dumps(t, p))
            assert u == t and u.tm_zone == t.tm_zone and type(u) is make
        print(copy.copy(t) == t, copy.deepcopy(t).tm_zone)
    except TypeError as e:
        print(args, e)
