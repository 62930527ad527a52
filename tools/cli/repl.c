// SPDX-License-Identifier: MIT
// The interactive loop.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/cli/cli.h"
#include "tools/cli/editor.h"

// Adds a line to the text so far. False: no memory.
static bool add_line(char **text, size_t *n, const char *line)
{
    size_t len = strlen(line);
    char *more = realloc(*text, *n + len + 1);
    if (!more) {
        return false;
    }
    memcpy(more + *n, line, len + 1);
    *n += len;
    *text = more;
    return true;
}

static void set_prompt(Quiver *q, QuiverValue *sys, const char *name, const char *text)
{
    QuiverValue *value = quiver_str(q, text, -1);
    if (value) {
        quiver_set_attr(q, sys, name, value);
    }
    quiver_release(q, value);
}

// str(sys.ps1) or str(sys.ps2), which the program may change; NULL: none. quiver_string_free.
static char *get_prompt(Quiver *q, QuiverValue *sys, const char *name)
{
    char *text = NULL;
    QuiverValue *value = sys ? quiver_attr(q, sys, name) : NULL;
    QuiverValue *class = value ? quiver_attr(q, value, "__class__") : NULL;
    QuiverValue *method = class ? quiver_attr(q, class, "__str__") : NULL;
    QuiverValue *str = method ? quiver_call(q, method, &value, 1, NULL, 0) : NULL;
    if (str) {
        quiver_to_str(q, str, &text, NULL);
    }
    quiver_release(q, str);
    quiver_release(q, method);
    quiver_release(q, class);
    quiver_release(q, value);
    quiver_error_clear(q);
    return text;
}

// Whether the command was given -I.
static bool is_isolated(Quiver *q, QuiverValue *sys)
{
    bool isolated = false;
    QuiverValue *flags = sys ? quiver_attr(q, sys, "flags") : NULL;
    QuiverValue *flag = flags ? quiver_attr(q, flags, "isolated") : NULL;
    if (flag) {
        quiver_to_bool(q, flag, &isolated);
    }
    quiver_release(q, flag);
    quiver_release(q, flags);
    return isolated;
}

// Where the lines of earlier sessions are kept; malloc'ed, NULL: nowhere.
static char *history_path(Quiver *q, QuiverValue *sys)
{
    const char *home = getenv("HOME");
    char *path = NULL;
    if (is_isolated(q, sys) || !home || !home[0] ||
        asprintf(&path, "%s/.quiver_history", home) < 0) {
        return NULL;
    }
    return path;
}

// Runs one input; false: it ended the program, *ret_status says how.
static bool run(Quiver *q, const char *text, bool *ret_more, int *ret_status)
{
    int done = quiver_run_interactive(q, text, "<stdin>");
    *ret_more = done > 0;
    if (done < 0) {
        const QuiverError *e = quiver_error(q);
        if (e->is_exit) {
            *ret_status = e->exit_code & 0xFF;
            return false;
        }
    }
    return true;
}

int cli_repl(Quiver *q, bool quiet, bool prompts)
{
    bool tty = isatty(0);
    char *text = NULL;
    size_t n = 0;
    int status = 0;
    QuiverValue *sys = quiver_import(q, "sys");
    // Without a terminal prompts go where messages go: what is printed stays what the program says.
    FILE *out = tty ? stdout : stderr;
    prompts |= tty;
    if (prompts && !quiet) {
        fprintf(out, "Quiver %s (Python 3.11). Ctrl-D ends.\n", quiver_version());
    }
    if (prompts) {
        set_prompt(q, sys, "ps1", ">>> ");
        set_prompt(q, sys, "ps2", "... ");
    }
    char *history = history_path(q, sys);
    editor_start(history);
    free(history);
    for (bool more = false;;) {
        quiver_flush(q);
        char *prompt = prompts ? get_prompt(q, sys, more ? "ps2" : "ps1") : NULL, *line = NULL;
        if (prompt && !tty) {
            fputs(prompt, stderr);
        }
        EditorResult got = editor_read(tty ? prompt : NULL, &line);
        quiver_string_free(prompt);
        if (got == EDITOR_INTERRUPTED) {
            fputs("\nKeyboardInterrupt\n", stderr);
            n = 0;
            more = false;
            continue;
        }
        if (got == EDITOR_END && more) { // what is there is tried as it stands
            if (prompts) {
                putc('\n', out);
            }
            if (!run(q, text, &more, &status)) {
                break;
            }
            n = 0;
            more = false;
            if (prompts) {
                continue;
            }
        }
        bool added = got == EDITOR_LINE && add_line(&text, &n, line);
        free(line);
        if (!added) {
            status = got == EDITOR_END ? 0 : 1;
            if (prompts) {
                putc('\n', out);
            }
            break;
        }
        if (!run(q, text, &more, &status)) {
            break;
        }
        n = more ? n : 0;
    }
    editor_stop();
    free(text);
    quiver_release(q, sys);
    return status;
}
