// SPDX-License-Identifier: MIT
// Unit tests of base/unicode.h: every code point against Debian's Python 3.11, where that is
// installed (its unicodedata is of version 14), and some fixed answers.
// timeout: 180
#include "base/unicode.h"
#include "base/buf.h"
#include "base/numtext.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PYTHON "/usr/bin/python3.11"

// Prints one line for each code point.
static const char script[] =
    "import sys, unicodedata as u\n"
    "w = sys.stdout.write\n"
    "def h(s): return '.'.join(['%x' % ord(c) for c in s])\n"
    "for i in range(0x110000):\n"
    "    c = chr(i)\n"
    "    d = u.decomposition(c)\n"
    "    w('%x %s %d%d%d%d%d%d%d%d%d%d%d%d%d %s %s %s %s %d %d %r %s %d %s %d %s\\n' % (i,\n"
    "      u.category(c), c.isalpha(), c.isdecimal(), c.isdigit(), c.isnumeric(), c.isalnum(),\n"
    "      c.isspace(), c.isprintable(), c.isupper(), c.islower(), c.isidentifier(),\n"
    "      ('a' + c).isidentifier(), (c + 'a').title()[-1] == 'a',\n"
    "      ('a' + c + '\\u03a3').lower()[-1] == '\\u03c2', h(c.upper()), h(c.lower()),\n"
    "      h(c.title()), h(c.casefold()),\n"
    "      u.decimal(c, -1), u.digit(c, -1), u.numeric(c, None), u.bidirectional(c),\n"
    "      u.combining(c), u.east_asian_width(c), u.mirrored(c), d.lower() or '-'))\n";

static void append_points(QvBuf *out, const uint32_t *points, int n)
{
    for (int i = 0; i < n; i++) {
        qv_buf_printf(out, "%s%x", i > 0 ? "." : "", points[i]);
    }
    qv_buf_append_char(out, ' ');
}

static void describe(QvBuf *out, uint32_t cp)
{
    uint32_t points[18];
    qv_buf_printf(
        out, "%x %s %d%d%d%d%d%d%d%d%d%d%d%d%d ", cp, qv_uni_category_name(qv_uni_category(cp)),
        qv_uni_is_alpha(cp), qv_uni_is_decimal(cp), qv_uni_is_digit(cp), qv_uni_is_numeric(cp),
        qv_uni_is_alnum(cp), qv_uni_is_space(cp), qv_uni_is_printable(cp), qv_uni_is_upper(cp),
        qv_uni_is_lower(cp), qv_uni_is_xid_start(cp), qv_uni_is_xid_continue(cp),
        qv_uni_is_cased(cp), qv_uni_is_cased(cp) || qv_uni_is_case_ignorable(cp));
    append_points(out, points, qv_uni_upper_full(cp, points));
    append_points(out, points, qv_uni_lower_full(cp, points));
    append_points(out, points, qv_uni_title_full(cp, points));
    append_points(out, points, qv_uni_fold_full(cp, points));
    qv_buf_printf(out, "%d %d ", qv_uni_decimal(cp), qv_uni_digit(cp));
    double numeric;
    if (qv_uni_numeric(cp, &numeric)) {
        char text[QV_NUM_REPR_MAX];
        qv_num_repr_double(numeric, text);
        qv_buf_printf(out, "%s ", text);
    } else {
        qv_buf_append_cstr(out, "None ");
    }
    qv_buf_printf(out, "%s %d %s %d ", qv_uni_bidirectional(cp), qv_uni_combining(cp),
                  qv_uni_east_asian_width(cp), qv_uni_is_mirrored(cp));
    const char *tag;
    int n = qv_uni_decomposition(cp, points, &tag);
    if (tag != NULL) {
        qv_buf_printf(out, "%s ", tag);
    }
    for (int i = 0; i < n; i++) {
        qv_buf_printf(out, "%s%04x", i > 0 ? " " : "", points[i]);
    }
    if (n == 0) {
        qv_buf_append_char(out, '-');
    }
}

START_TEST(test_all_like_python)
{
    if (access(PYTHON, X_OK) != 0) {
        return;
    }
    char path[] = "/tmp/qv_unicode_XXXXXX";
    int fd = mkstemp(path);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(write(fd, script, sizeof(script) - 1), sizeof(script) - 1);
    close(fd);
    char command[100];
    snprintf(command, sizeof(command), PYTHON " -I %s", path);
    FILE *python = popen(command, "r");
    ck_assert_ptr_nonnull(python);
    QvBuf ours = {0};
    char theirs[600];
    int wrong = 0;
    for (uint32_t cp = 0; cp < 0x110000; cp++) {
        if (fgets(theirs, sizeof(theirs), python) == NULL) {
            ck_abort_msg("python ended early, at %x", cp);
        }
        theirs[strcspn(theirs, "\n")] = '\0';
        if (strchr(theirs, '<') != NULL) {
            // The tag is lowered by the script with the rest of the line.
            char *tag = strstr(theirs, "<nobreak>");
            if (tag != NULL) {
                tag[3] = 'B';
            }
        }
        qv_buf_reset(&ours);
        describe(&ours, cp);
        if (strcmp(qv_buf_cstr(&ours), theirs) != 0 && wrong++ < 20) {
            fprintf(stderr, "python: %s\nquiver: %s\n", theirs, ours.data);
        }
    }
    qv_buf_fini(&ours);
    pclose(python);
    unlink(path);
    ck_assert_int_eq(wrong, 0);
}
END_TEST

static const char norm_script[] =
    "import sys, unicodedata as u, random\n"
    "r = random.Random(1)\n"
    "pool = [i for i in range(0x110000) if u.combining(chr(i)) or u.decomposition(chr(i))]\n"
    "pool += list(range(0x1100, 0x1200)) + list(range(0xac00, 0xac80)) + list(range(32, 256)) * 4\n"
    "for i in range(60000):\n"
    "    if i < len(pool):\n"
    "        s = chr(pool[i])\n"
    "    else:\n"
    "        s = ''.join(chr(r.choice(pool)) for _ in range(r.randint(1, 12)))\n"
    "    f = ('NFC', 'NFD', 'NFKC', 'NFKD')[i % 4]\n"
    "    t = u.normalize(f, s)\n"
    "    print(i % 4, '.'.join('%x' % ord(c) for c in s), '.'.join('%x' % ord(c) for c in t))\n";

static size_t read_points(char *text, uint32_t *points)
{
    size_t n = 0;
    char *p = text;
    for (;;) {
        points[n++] = (uint32_t)strtoul(p, &p, 16);
        if (*p != '.') {
            return n;
        }
        p++;
    }
}

START_TEST(test_normal_forms_like_python)
{
    if (access(PYTHON, X_OK) != 0) {
        return;
    }
    char path[] = "/tmp/qv_unicode_XXXXXX";
    int fd = mkstemp(path);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(write(fd, norm_script, sizeof(norm_script) - 1), sizeof(norm_script) - 1);
    close(fd);
    char command[100];
    snprintf(command, sizeof(command), PYTHON " -I %s", path);
    FILE *python = popen(command, "r");
    ck_assert_ptr_nonnull(python);
    int form;
    static char from[4000];
    static char to[4000];
    int lines = 0;
    while (fscanf(python, "%d %3999s %3999s", &form, from, to) == 3) {
        uint32_t input[400];
        uint32_t want[400];
        size_t n = read_points(from, input);
        size_t want_n = read_points(to, want);
        uint32_t *got;
        size_t got_n;
        ck_assert_int_eq(qv_uni_normalize((QvUniForm)form, input, n, NULL, &got, &got_n), 0);
        if (got_n != want_n || memcmp(got, want, want_n * sizeof(uint32_t)) != 0) {
            ck_abort_msg("form %d of %s is not %s", form, from, to);
        }
        free(got);
        lines++;
    }
    pclose(python);
    unlink(path);
    ck_assert_int_eq(lines, 60000);
}
END_TEST

START_TEST(test_fixed)
{
    uint32_t points[3];
    ck_assert_int_eq(qv_uni_upper_full(0xDF, points), 2); // sharp s
    ck_assert_uint_eq(points[0], 'S');
    ck_assert_uint_eq(points[1], 'S');
    ck_assert_uint_eq(qv_uni_upper(0xDF), 0xDF);
    ck_assert_uint_eq(qv_uni_lower(0x130), 'i'); // I with dot above
    ck_assert_int_eq(qv_uni_lower_full(0x130, points), 2);
    ck_assert_int_eq(qv_uni_fold_full(0x390, points), 3);
    ck_assert(qv_uni_is_title(0x1C5));
    ck_assert(!qv_uni_is_title('A'));
    ck_assert(qv_uni_is_case_ignorable('\''));
    ck_assert(qv_uni_is_cased('a'));
    ck_assert(qv_uni_is_xid_start('_'));
    // Values past the last code point are unassigned.
    ck_assert(!qv_uni_is_alpha(0x110000));
    ck_assert(!qv_uni_is_printable(UINT32_MAX));
    ck_assert_int_eq(qv_uni_category(UINT32_MAX), QV_UNI_CN);
    ck_assert_uint_eq(qv_uni_upper(0x110000), 0x110000);
    ck_assert_int_eq(qv_uni_combining(UINT32_MAX), 0);
    for (uint32_t cp = 0; cp < 0x110000; cp++) {
        bool breaks = (cp >= 10 && cp <= 13) || (cp >= 0x1C && cp <= 0x1E) || cp == 0x85 ||
                      cp == 0x2028 || cp == 0x2029;
        if (qv_uni_is_line_break(cp) != breaks) {
            ck_abort_msg("line break %x", cp);
        }
        if (cp < 256 && qv_uni_latin1_flags[cp] != qv_uni_record(cp)->flags) {
            ck_abort_msg("flags of %x", cp);
        }
    }
    uint32_t *out;
    size_t n;
    static const uint32_t ligature[] = {0xFB01, 'x'}; // fi
    ck_assert_int_eq(qv_uni_nfkc(ligature, 2, &out, &n), 0);
    ck_assert_uint_eq(n, 3);
    ck_assert_uint_eq(out[0], 'f');
    free(out);
    ck_assert_int_eq(qv_uni_nfkc(ligature, 0, &out, &n), 0);
    ck_assert_uint_eq(n, 0);
    free(out);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("base/unicode");
    TCase *tests = tcase_create("unicode");
    tcase_set_timeout(tests, 170);
    tcase_add_test(tests, test_all_like_python);
    tcase_add_test(tests, test_normal_forms_like_python);
    tcase_add_test(tests, test_fixed);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
