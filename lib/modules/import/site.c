// SPDX-License-Identifier: MIT
// The part of the site module's work that decides what sys.path is: the folders of installed
// packages and the paths that their .pth files name, without loading site.
//
// Lines of .pth files that start with "import" are programs; they run when a program imports site
// itself, not at every start.
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "modules/import/import.h"
#include "object/list.h"
#include "object/str.h"

#define VERSION_FOLDER "lib/python3.11"
#define MAX_PTH        ((size_t)1 << 20) // bytes of a .pth file that are looked at

static bool has_entry(QvObj *list, QvObj *entry)
{
    for (QvSsize k = 0; k < qv_list_len(list); k++) {
        QvObj *o = qv_list_peek(list, k);
        if (qv_is_str(o) && qv_str_equal(o, entry)) {
            return true;
        }
    }
    return false;
}

static int add(QvInterp *qi, QvObj *list, const char *path)
{
    QvObj *s = qv_str_fsdecode(qi, path);
    int status = !s ? -1 : has_entry(list, s) ? 0 : qv_list_append(qi, list, s);
    qv_xdecref(qi, s);
    return status;
}

// Adds the existing paths that the lines of a .pth file name.
static int add_lines(QvInterp *qi, QvObj *list, const char *dir, char *text)
{
    char *rest = text, *line;
    int status = 0;
    while (status == 0 && (line = strsep(&rest, "\n")) != NULL) {
        size_t n = strlen(line);
        while (n > 0 && strchr(" \t\r\f\v", line[n - 1])) {
            line[--n] = 0;
        }
        if (n == 0 || *line == '#' || strncmp(line, "import ", 7) == 0 ||
            strncmp(line, "import\t", 7) == 0) {
            continue;
        }
        QvBuf path;
        qv_buf_init(&path);
        qv_buf_printf(&path, "%s%s%s", *line == '/' ? "" : dir, *line == '/' ? "" : "/", line);
        char *real = realpath(qv_buf_cstr(&path), NULL); // NULL: there is nothing of that name
        if (real) {
            // As written, when that is the name of the same place.
            status = add(qi, list, *line == '/' ? line : real);
            free(real);
        }
        qv_buf_fini(&path);
    }
    return status;
}

static int add_pth(QvInterp *qi, QvObj *list, const char *dir, const char *name)
{
    QvBuf path;
    qv_buf_init(&path);
    qv_buf_printf(&path, "%s/%s", dir, name);
    FILE *f = fopen(qv_buf_cstr(&path), "re");
    qv_buf_fini(&path);
    if (!f) {
        return 0;
    }
    QvBuf text;
    char chunk[4096];
    size_t got;
    qv_buf_init(&text);
    while (text.len < MAX_PTH && (got = fread(chunk, 1, sizeof chunk, f)) > 0) {
        qv_buf_append(&text, chunk, got);
    }
    fclose(f);
    int status = 0;
    char *whole = text.len ? (qv_buf_cstr(&text), qv_buf_take(&text, NULL)) : NULL;
    if (whole) {
        status = add_lines(qi, list, dir, whole);
    }
    free(whole);
    qv_buf_fini(&text);
    return status;
}

static int is_pth(const struct dirent *e)
{
    size_t n = strlen(e->d_name);
    return n > 4 && e->d_name[0] != '.' && strcmp(e->d_name + n - 4, ".pth") == 0;
}

static int add_site_folder(QvInterp *qi, QvObj *list, const char *dir)
{
    struct dirent **names;
    if (access(dir, F_OK) < 0) {
        return 0;
    }
    int status = add(qi, list, dir);
    int n = scandir(dir, &names, is_pth, alphasort);
    for (int k = 0; k < n; k++) {
        status = status < 0 ? -1 : add_pth(qi, list, dir, names[k]->d_name);
        free(names[k]);
    }
    if (n >= 0) {
        free(names);
    }
    return status;
}

static int add_user_folder(QvInterp *qi, QvObj *list)
{
    bool env = !qi->config.ignore_env && !qi->config.isolated;
    const char *base = env ? getenv("PYTHONUSERBASE") : NULL, *home = getenv("HOME");
    if ((!base || !*base) && (!home || !*home)) {
        return 0;
    }
    QvBuf dir;
    qv_buf_init(&dir);
    if (base && *base) {
        qv_buf_printf(&dir, "%s/%s/site-packages", base, VERSION_FOLDER);
    } else {
        qv_buf_printf(&dir, "%s/.local/%s/site-packages", home, VERSION_FOLDER);
    }
    int status = add_site_folder(qi, list, qv_buf_cstr(&dir));
    qv_buf_fini(&dir);
    return status;
}

// The packages of a virtual environment.
static int add_environment(QvInterp *qi, QvObj *list, const char *venv)
{
    QvBuf dir;
    qv_buf_init(&dir);
    qv_buf_printf(&dir, "%s/%s/site-packages", venv, VERSION_FOLDER);
    int status = add_site_folder(qi, list, qv_buf_cstr(&dir));
    qv_buf_fini(&dir);
    return status;
}

int qv_site_extend_path(QvInterp *qi, QvObj *list)
{
    static const char *const folders[] = {
        "/usr/local/" VERSION_FOLDER "/dist-packages",
        "/usr/lib/python3/dist-packages",
        "/usr/" VERSION_FOLDER "/dist-packages",
    };
    // Another library than Debian's has its own packages, which its host names.
    if (qi->config.no_site || qi->config.stdlib_dir) {
        return 0;
    }
    if (qi->config.venv && add_environment(qi, list, qi->config.venv) < 0) {
        return -1;
    }
    if (qi->config.venv && !qi->config.venv_system_site) {
        return 0;
    }
    if (!qi->config.no_user_site && !qi->config.isolated && getuid() == geteuid() &&
        getgid() == getegid() && add_user_folder(qi, list) < 0) {
        return -1;
    }
    for (size_t k = 0; k < sizeof folders / sizeof *folders; k++) {
        if (add_site_folder(qi, list, folders[k]) < 0) {
            return -1;
        }
    }
    return 0;
}
