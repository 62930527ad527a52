# SPDX-License-Identifier: MIT
# Trains the profile-guided build: starting, importing, classes and functions made.
import importlib
import sys

NAMES = """
    argparse ast asyncio base64 bisect calendar cmd codecs collections configparser contextlib
    copy csv dataclasses datetime decimal difflib dis email.message enum fileinput fnmatch
    fractions functools getopt gettext glob graphlib gzip hashlib heapq hmac html html.parser
    http.client imaplib inspect io ipaddress itertools json keyword linecache locale logging
    logging.handlers mimetypes numbers operator optparse os pathlib pdb pickle pkgutil platform
    plistlib pprint queue quopri random re reprlib sched secrets selectors shelve shlex shutil
    signal smtplib socket socketserver statistics string struct subprocess symtable tarfile
    tempfile textwrap threading timeit token tokenize trace traceback types typing unittest
    urllib.parse urllib.request uuid warnings wave weakref xml.etree.ElementTree xmlrpc.client
    zipfile zipimport
""".split()
kept = set(sys.modules)
total = 0
for _ in range(2):
    for name in NAMES:
        try:
            total += len(vars(importlib.import_module(name)))
        except ImportError:
            pass
    for name in set(sys.modules) - kept:
        del sys.modules[name]
print(total > 0)
