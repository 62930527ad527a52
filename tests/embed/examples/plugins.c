// SPDX-License-Identifier: MIT
// A host with plugins: they come from memory (a database, an archive), share a package, and are
// reloaded when their text changes, without losing what the host has told them.
// expect: shout: HELLO!
// expect: count: 5
// expect: broken: could not be loaded (SyntaxError)
// expect: after the edit, shout: HELLO???
#include <quiver.h>
#include <stdio.h>
#include <string.h>

typedef struct Plugin {
    const char *name, *source;
} Plugin;

static Plugin store[] = {
    {"plugins", ""}, // the package
    {"plugins.base", "def mark(n): return '!' * n\n"},
    {"plugins.shout", "from .base import mark\ndef run(text): return text.upper() + mark(1)\n"},
    {"plugins.count", "def run(text): return str(len(text))\n"},
    {"plugins.broken", "def run(text) return text\n"},
};

static int load(void *user, Quiver *q, const char *name, QuiverSource *ret)
{
    (void)user, (void)q;
    for (size_t i = 0; i < sizeof store / sizeof *store; i++) {
        if (strcmp(store[i].name, name) == 0) {
            ret->source = store[i].source;
            ret->is_package = i == 0;
            return 1;
        }
    }
    return 0; // not ours: the standard library, or nobody's
}

static void use(Quiver *q, const char *name, const char *title)
{
    if (quiver_scope_open(q) < 0) { // whatever happens below, nothing is left
        return;
    }
    char full[64], *text = NULL;
    snprintf(full, sizeof full, "plugins.%s", name);
    QuiverValue *hello = quiver_str(q, "hello", -1), *plugin = quiver_import(q, full);
    if (!plugin) {
        printf("%s: could not be loaded (%s)\n", title, quiver_error(q)->type);
    } else {
        QuiverValue *result = quiver_call_method(q, plugin, "run", &hello, 1, NULL, 0);
        if (result && quiver_to_str(q, result, &text, NULL) == 0) {
            printf("%s: %s\n", title, text);
        } else {
            fputs(quiver_error(q)->traceback, stderr);
        }
        quiver_string_free(text);
    }
    quiver_scope_close(q, NULL);
}

int main(void)
{
    QuiverConfig config;
    quiver_config_init(&config);
    config.load = load;
    Quiver *q = quiver_new(&config);
    use(q, "shout", "shout");
    use(q, "count", "count");
    use(q, "broken", "broken");

    store[1].source = "def mark(n): return '?' * 3\n";
    quiver_run(q,
               "import importlib, plugins.base, plugins.shout\n"
               "for m in plugins.base, plugins.shout: importlib.reload(m)\n",
               "<reload>");
    use(q, "shout", "after the edit, shout");
    return quiver_free(q);
}
