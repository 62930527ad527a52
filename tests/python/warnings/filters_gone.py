# When the module has lost its filters, those that were seen last count.
import warnings

warnings.simplefilter("error")


def told():
    try:
        warnings.warn("hello")
    except UserWarning as e:
        return e


import _warnings  # noqa: E402

print(repr(told()))
saved = warnings.filters
del warnings.filters
try:
    _warnings.warn("hello")
except UserWarning as e:
    print(repr(e))
warnings.filters = saved
