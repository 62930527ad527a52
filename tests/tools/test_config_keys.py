# SPDX-License-Identifier: MIT
"""Each field of QuiverConfig that JSON can give is known to quiver_config_from_cjson."""
import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent

# Functions, what is given to them, tables, and the library's own: not for JSON.
NOT_FOR_JSON = {"struct_size", "user", "modules", "load_user", "json_block"}


def config_fields():
    """{name: declaration} of the fields that are no functions."""
    header = (ROOT / "interpreters/quiver.h").read_text()
    body = re.search(r"typedef struct QuiverConfig \{\n(.*?)\n\} QuiverConfig;", header, re.S)[1]
    body = re.sub(r"//.*", "", body)
    fields = {}
    for declaration in body.split(";"):
        declaration = " ".join(declaration.split())
        if "(" in declaration or not declaration:
            continue
        for name in re.findall(r"(\w+)(?=,|$)", declaration):
            fields[name] = declaration
    return fields


def known_keys():
    source = (ROOT / "interpreters/api_config.c").read_text()
    counts = set(re.findall(r"^    STRINGS\(\w+, (\w+)\)", source, re.M))
    keys = set(re.findall(r"^    (?:FIELD\(\w+, |NAMES\(\w+, |STRINGS\()(\w+)", source, re.M))
    return keys, counts


class Keys(unittest.TestCase):
    def test_all_fields_have_a_row(self):
        keys, counts = known_keys()
        missing = set(config_fields()) - keys - counts - NOT_FOR_JSON
        self.assertEqual(missing, set(), "add rows to the table `fields` of interpreters/api_config.c, "
                         "or names to NOT_FOR_JSON here")

    def test_all_rows_have_a_field(self):
        keys, counts = known_keys()
        self.assertGreater(len(keys), 25)
        self.assertEqual((keys | counts) - set(config_fields()), set())


if __name__ == "__main__":
    unittest.main()
