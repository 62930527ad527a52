// SPDX-License-Identifier: MIT
// The ways to run something: text, file, module, interactive input; and what the compiler makes of
// it.
#include <unistd.h>

#include "_check.h"

static void write_file(const char *path, const char *text)
{
    FILE *f = fopen(path, "w");
    CHECK(f && fputs(text, f) >= 0 && fclose(f) == 0);
}

static void expect_code(Quiver *q, const char *source, bool tree, const char *part)
{
    char *text = NULL;
    CHECK(quiver_show_code(q, source, "shown.py", tree, &text) == 0);
    CHECK(strstr(text, part));
    quiver_string_free(text);
}

int main(void)
{
    char folder[] = "/tmp/quiver-embed-XXXXXX", file[64], module[64];
    CHECK(mkdtemp(folder));
    snprintf(file, sizeof file, "%s/program.py", folder);
    snprintf(module, sizeof module, "%s/a_module.py", folder);
    write_file(file, "import a_module\nseen = (__name__, a_module.name)\n");
    write_file(module, "name = __name__\nif name == '__main__':\n    ran = True\n");
    const char *path[] = {folder};
    QuiverConfig config;
    quiver_config_init(&config);
    config.path = path;
    config.npath = 1;
    config.dont_write_bytecode = true;
    Quiver *q = quiver_new(&config);
    CHECK(q);

    CHECK(quiver_run_file(q, file) == 0);
    expect_eval(q, "seen", "('__main__', 'a_module')");
    CHECK(quiver_run_module(q, "a_module") == 0);
    expect_eval(q, "ran", "True");
    CHECK(quiver_run_module(q, "no_such_module") == -1);

    expect_code(q, "x = [1, 'two']\n", false, "RETURN");
    expect_code(q, "x = [1, 'two']\n", true, "Assign(");
    char *text;
    CHECK(quiver_show_code(q, "x = = 1\n", "bad.py", false, &text) == -1);
    expect_error(q, "SyntaxError", "invalid syntax (bad.py, line 1)");

    // Interactive inputs: more lines are wanted until an empty one ends a compound statement.
    static const struct {
        const char *text;
        int done;
    } inputs[] = {
        {"", 0},
        {"\n", 0},
        {"# a word\n", 0},
        {"z = 3\n", 0},
        {"z = (3,\n", 1},
        {"'''\n", 1},
        {"def f():\n", 1},
        {"def f():\n    return z\n", 1},
        {"def f():\n    return z\n\n", 0},
        {"if z: w = 4\n", 1},
        {"if z: w = 4\n\n", 0},
        {"@property\n", 1},
        {"1 +\n", -1},
        {"raise KeyError\n", -1},
    };
    for (size_t k = 0; k < sizeof inputs / sizeof inputs[0]; k++) {
        int done = quiver_run_interactive(q, inputs[k].text, NULL);
        if (done != inputs[k].done) {
            fprintf(stderr, "%s: %d, %s\n", inputs[k].text, done, quiver_error(q)->message);
            return 1;
        }
    }
    expect_eval(q, "f() + w", "7");
    unlink(file);
    unlink(module);
    rmdir(folder);
    return quiver_free(q);
}
