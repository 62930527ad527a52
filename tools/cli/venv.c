// SPDX-License-Identifier: MIT
// Where the command itself is, as its user called it, and the virtual environment that it is the
// interpreter of: PEP 405's pyvenv.cfg beside it or in the folder above.
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/cli/cli.h"

static bool is_program(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISREG(st.st_mode) && access(path, X_OK) == 0;
}

// Whether it is this program, under whatever name.
static bool is_this(const char *path)
{
    struct stat a, b;
    return is_program(path) && stat(path, &a) == 0 && stat("/proc/self/exe", &b) == 0 &&
           a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

static char *join(const char *folder, const char *name)
{
    char *path;
    size_t n = strlen(folder);
    while (strncmp(name, "./", 2) == 0) {
        name += 2;
    }
    return asprintf(&path, "%s%s%s", folder, n && folder[n - 1] == '/' ? "" : "/", name) < 0 ? NULL
                                                                                             : path;
}

// The name in one of PATH's folders; NULL: in none.
static char *in_path(const char *name)
{
    const char *path = getenv("PATH");
    char *copy = path ? strdup(path) : NULL, *rest = copy, *folder, *found = NULL;
    while (!found && copy && (folder = strsep(&rest, ":")) != NULL) {
        char *candidate = *folder ? join(folder, name) : NULL;
        if (candidate && is_program(candidate)) {
            found = candidate;
        } else {
            free(candidate);
        }
    }
    free(copy);
    return found;
}

char *cli_executable(const char *program)
{
    char *found = NULL;
    if (*program == '/') {
        found = strdup(program);
    } else if (strchr(program, '/')) {
        char *cwd = getcwd(NULL, 0);
        found = cwd ? join(cwd, program) : NULL;
        free(cwd);
    } else {
        found = in_path(program);
    }
    if (!found || !is_this(found)) { // called under a name that says nothing
        free(found);
        found = realpath("/proc/self/exe", NULL);
    }
    return found;
}

// The value of `key = value`, which stands in the line; NULL: another line.
static char *value_of(char *line, const char *key)
{
    char *equals = strchr(line, '=');
    size_t n = strlen(key);
    while (isspace((unsigned char)*line)) {
        line++;
    }
    if (!equals || strncasecmp(line, key, n) != 0) {
        return NULL;
    }
    for (line += n; line < equals; line++) {
        if (!isspace((unsigned char)*line)) {
            return NULL;
        }
    }
    char *value = equals + 1, *end = value + strlen(value);
    while (isspace((unsigned char)*value)) {
        value++;
    }
    while (end > value && isspace((unsigned char)end[-1])) {
        *--end = 0;
    }
    return value;
}

static void read_config(FILE *f, CliVenv *ret)
{
    char *line = NULL;
    size_t cap = 0;
    ret->system_site = true; // unless it says false
    while (getline(&line, &cap, f) >= 0) {
        char *value;
        if ((value = value_of(line, "home")) != NULL) {
            free(ret->home);
            ret->home = strdup(value);
        } else if ((value = value_of(line, "executable")) != NULL) {
            free(ret->base_executable);
            ret->base_executable = strdup(value);
        } else if ((value = value_of(line, "include-system-site-packages")) != NULL) {
            ret->system_site = strcasecmp(value, "true") == 0;
        }
    }
    free(line);
}

void cli_venv(const char *executable, CliVenv *ret)
{
    char *folder = executable ? strdup(executable) : NULL;
    for (int k = 0; folder && k < 2 && !ret->folder; k++) {
        char *slash = strrchr(folder, '/');
        if (!slash) {
            break;
        }
        *slash = 0;
        char *path = join(folder, "pyvenv.cfg");
        FILE *f = path ? fopen(path, "re") : NULL;
        if (f) {
            // CPython takes the folder above the program's, wherever the file is.
            char *end = k == 0 ? strrchr(folder, '/') : NULL;
            if (end) {
                *end = 0;
            }
            ret->folder = strdup(folder);
            read_config(f, ret);
            fclose(f);
        }
        free(path);
    }
    free(folder);
}

void cli_venv_fini(CliVenv *venv)
{
    free(venv->folder);
    free(venv->home);
    free(venv->base_executable);
}
