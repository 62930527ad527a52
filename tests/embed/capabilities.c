// SPDX-License-Identifier: MIT
// A sandbox, an import allow-list, and what interpreters that scripts make inherit.
#include "_check.h"

static void allowed(QuiverConfig *config, const char *source)
{
    Quiver *q = quiver_new(config);
    CHECK(q);
    if (quiver_run(q, source, "<script>") < 0) {
        fputs(quiver_error(q)->traceback, stderr);
        CHECK(!"the script failed");
    }
    CHECK(quiver_free(q) == 0);
}

static void denied(QuiverConfig *config, const char *source, const char *capability)
{
    Quiver *q = quiver_new(config);
    CHECK(q);
    CHECK(quiver_run(q, source, "<script>") < 0);
    CHECK(strcmp(quiver_error(q)->type, "PermissionError") == 0);
    CHECK(strstr(quiver_error(q)->message, capability));
    CHECK(quiver_free(q) == 0);
}

int main(void)
{
    QuiverConfig config;
    quiver_config_init(&config);
    quiver_config_sandbox(&config);
    allowed(&config, "import json, re, os\nassert not os.environ and json.loads('[1]') == [1]\n");
    denied(&config, "open('/etc/passwd')", "capability 'read' is denied: open('/etc/passwd')");
    denied(&config, "import os\nos.system('true')",
           "capability 'process' is denied: os.system('true')");

    config.import_allow = (const char *const[]){"json", "math"};
    config.nimport_allow = 2;
    allowed(&config,
            "import json, json.decoder, math\nfrom json import tool\njson.dumps({'a': 1})\n");
    denied(&config, "import os", "capability 'import' is denied: import of 'os'");
    denied(&config, "__import__('os')", "'import'");
    denied(&config, "import json\nimport re", "'import'");
    denied(&config, "exec('from os import path', {'__name__': 'json'})", "'import'");

    // Interpreters of a script have no more than it has, and it cannot use one that has more.
    const char *child = "import _interpreters as i\n"
                        "x = i.create()\n"
                        "r = i.exec(x, 'open(\"/etc/passwd\")')\n"
                        "assert 'capability' in str(r.msg if hasattr(r, 'msg') else r), r\n"
                        "i.destroy(x)\n";
    quiver_config_init(&config);
    quiver_config_sandbox(&config);
    config.deny &= ~(uint64_t)QUIVER_ALLOW_INTERPRETER;
    allowed(&config, child);
    denied(&config, "import _interpreters as i\ni.call_in_thread(i.create(), print)",
           "capability 'thread' is denied");
    Quiver *host = quiver_new(NULL);
    Quiver *boxed = quiver_new(&config);
    CHECK(host && boxed);
    CHECK(quiver_run(boxed,
                     "import _interpreters as i\n"
                     "n = 0\n"
                     "for one in i.list_all():\n"
                     "    one = one[0]\n"
                     "    if one != i.get_current()[0]:\n"
                     "        n += 1\n"
                     "        try:\n            i.exec(one, 'pass')\n"
                     "        except (PermissionError, i.InterpreterNotFoundError):\n"
                     "            continue\n"
                     "        raise SystemError('it ran')\n",
                     "<boxed>") == 0);
    CHECK(quiver_free(boxed) == 0 && quiver_free(host) == 0);
    puts("ok");
    return 0;
}
