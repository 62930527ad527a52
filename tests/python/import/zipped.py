# Modules in a zip file: zipimport, as a hook of sys.path_hooks.
import os, sys
here = os.path.dirname(os.path.abspath(__file__))
archive = os.path.join(here, "data", "stored.zip")
sys.path.insert(0, archive)
import zmod, zpkg.inner
print(zmod.x, zpkg.inner.y, os.path.relpath(zmod.__file__, here), type(zmod.__loader__).__name__)
print([os.path.relpath(p, here) for p in zpkg.__path__], zmod.__spec__.origin == zmod.__file__)
try:
    import zpkg.nope
except ImportError as e:
    print(repr(e))
sys.path.insert(0, os.path.join(archive, "zpkg"))
import inner
print(inner.y, inner is zpkg.inner)
print(zmod.__loader__.get_data(os.path.join(archive, "data.txt")))
import zipimport
try:
    zipimport.zipimporter(os.path.join(here, "zipped.py"))
except zipimport.ZipImportError as e:
    print(str(e).replace(here, "R"))
