// SPDX-License-Identifier: MIT
// Lines are edited by libedit, opened when the REPL starts on a terminal: the command neither needs
// it nor pays for loading it otherwise. Without it the terminal's own line editing has to do.
//
// libedit is fed a key at a time, so that this loop, not the library, sees Ctrl-C: a signal handler
// of its own only notes it, and the wait for the next key ends with EINTR.
#include "tools/cli/editor.h"

#include <dlfcn.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define HISTORY_LINES 1000

// The functions of <editline/readline.h> that are used here.
typedef struct Library {
    void (*install)(const char *prompt, void (*on_line)(char *line));
    void (*read_char)(void);
    void (*remove)(void);
    int (*bind_key)(int key, int (*function)(int count, int key));
    int (*insert)(int count, int key);
    int (*add_history)(const char *line);
    void (*stifle_history)(int lines);
    int (*read_history)(const char *path);
    int (*write_history)(const char *path);
} Library;

static struct Editor {
    Library lib;
    bool loaded;
    char *history; // path; NULL: not kept
    char *last;    // what the history got last
    // The line that on_line was given.
    bool done;
    char *line;
} editor;

static volatile sig_atomic_t interrupted;

static void on_interrupt(int sig)
{
    (void)sig;
    interrupted = 1;
}

static bool load_library(Library *lib)
{
    void *so = dlopen("libedit.so.2", RTLD_NOW | RTLD_LOCAL);
    if (!so) {
        return false;
    }
    const struct {
        const char *name;
        void *slot; // of a function pointer
    } wanted[] = {
        {"rl_callback_handler_install", &lib->install},
        {"rl_callback_read_char", &lib->read_char},
        {"rl_callback_handler_remove", &lib->remove},
        {"rl_bind_key", &lib->bind_key},
        {"rl_insert", &lib->insert},
        {"add_history", &lib->add_history},
        {"stifle_history", &lib->stifle_history},
        {"read_history", &lib->read_history},
        {"write_history", &lib->write_history},
    };
    for (size_t k = 0; k < sizeof wanted / sizeof wanted[0]; k++) {
        void *symbol = dlsym(so, wanted[k].name);
        if (!symbol) {
            dlclose(so);
            return false;
        }
        memcpy(wanted[k].slot, &symbol, sizeof symbol);
    }
    return true;
}

void editor_start(const char *history)
{
    const char *term = getenv("TERM");
    if (!isatty(0) || !isatty(1) || !term || strcmp(term, "dumb") == 0 ||
        !load_library(&editor.lib)) {
        return;
    }
    editor.loaded = true;
    editor.lib.stifle_history(HISTORY_LINES);
    editor.lib.bind_key('\t', editor.lib.insert); // indentation, not names of files
    if (history) {
        editor.history = strdup(history);
        editor.lib.read_history(history);
    }
}

void editor_stop(void)
{
    if (editor.history) {
        editor.lib.write_history(editor.history);
    }
    free(editor.history);
    free(editor.last);
    editor.history = editor.last = NULL;
}

static void on_line(char *line)
{
    editor.done = true;
    editor.line = line;
    editor.lib.remove();
}

static void remember(const char *line)
{
    bool blank = line[strspn(line, " \t")] == 0;
    if (blank || (editor.last && strcmp(editor.last, line) == 0)) {
        return;
    }
    editor.lib.add_history(line);
    free(editor.last);
    editor.last = strdup(line);
}

// Waits for input on the terminal. SIGINT is blocked but for here, so that none falls between a
// look at `interrupted` and the wait. False: it came.
static bool wait_for_key(const sigset_t *open)
{
    struct pollfd keys = {.fd = 0, .events = POLLIN};
    while (!interrupted && ppoll(&keys, 1, NULL, open) < 0 && errno == EINTR) {}
    return !interrupted;
}

static EditorResult read_edited(const char *prompt, const sigset_t *open, char **ret)
{
    editor.done = false;
    editor.line = NULL;
    editor.lib.install(prompt ? prompt : "", on_line);
    while (!editor.done) {
        if (!wait_for_key(open)) {
            editor.lib.remove();
            return EDITOR_INTERRUPTED;
        }
        editor.lib.read_char();
    }
    if (!editor.line) {
        return EDITOR_END;
    }
    remember(editor.line);
    size_t n = strlen(editor.line);
    char *line = realloc(editor.line, n + 2);
    if (!line) {
        free(editor.line);
        return EDITOR_NO_MEMORY;
    }
    memcpy(line + n, "\n", 2);
    *ret = line;
    return EDITOR_LINE;
}

static EditorResult read_plain(const char *prompt, const sigset_t *open, char **ret)
{
    char *line = NULL;
    size_t cap = 0;
    if (prompt) {
        fputs(prompt, stdout);
        fflush(stdout);
    }
    // A terminal gives a line at a time: nothing of the next one waits in stdin's buffer.
    if (isatty(0) && !wait_for_key(open)) {
        return EDITOR_INTERRUPTED;
    }
    errno = 0;
    ssize_t n = getline(&line, &cap, stdin);
    if (n >= 0) {
        *ret = line;
        return EDITOR_LINE;
    }
    int error = errno;
    free(line);
    return error == ENOMEM ? EDITOR_NO_MEMORY : EDITOR_END;
}

EditorResult editor_read(const char *prompt, char **ret)
{
    // While the prompt stands there is nothing to interrupt but the line.
    struct sigaction ours = {.sa_handler = on_interrupt}, before;
    sigset_t interrupt, open;
    sigemptyset(&interrupt);
    sigaddset(&interrupt, SIGINT);
    interrupted = 0;
    pthread_sigmask(SIG_BLOCK, &interrupt, &open);
    sigaction(SIGINT, &ours, &before);
    EditorResult result = editor.loaded ? read_edited(prompt, &open, ret)
                                        : read_plain(prompt, &open, ret);
    sigaction(SIGINT, &before, NULL);
    pthread_sigmask(SIG_SETMASK, &open, NULL);
    return result;
}
