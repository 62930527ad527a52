// SPDX-License-Identifier: MIT
// Unit tests of base/utf8.h and base/buf.h.
#include "base/buf.h"
#include "base/utf8.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PYTHON "/usr/bin/python3.11"

START_TEST(test_every_code_point)
{
    for (uint32_t cp = 0; cp <= QV_MAX_CODE_POINT; cp++) {
        char bytes[4];
        int n = qv_utf8_encode(cp, bytes);
        uint32_t back = 0;
        bool surrogate = cp >= 0xD800 && cp < 0xE000;
        bool good = n == qv_utf8_width(cp) && qv_utf8_decode(bytes, bytes + n, true, &back) == n &&
                    back == cp &&
                    (qv_utf8_decode(bytes, bytes + n, false, &back) == n) == !surrogate;
        for (int cut = 1; cut < n && good && !surrogate; cut++) {
            uint32_t len;
            good = qv_utf8_decode(bytes, bytes + cut, false, &len) == QV_UTF8_TRUNCATED &&
                   len == (uint32_t)cut;
        }
        if (!good) {
            ck_abort_msg("code point %x", cp);
        }
    }
}
END_TEST

// Every first three bytes of some interest, as Python reports them.
static const char script[] =
    "b = (0, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1,\n"
    "     0xec, 0xed, 0xee, 0xef, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xff)\n"
    "def show(t):\n"
    "    t = bytes(t)\n"
    "    for errors in ('strict', 'surrogatepass'):\n"
    "        try:\n"
    "            s = t.decode('utf-8', errors)\n"
    "            print(t.hex(), errors[1], len(s), 'ok')\n"
    "        except UnicodeDecodeError as e:\n"
    "            print(t.hex(), errors[1], e.start, e.end, e.reason)\n"
    "for x in b:\n"
    "    show((x,))\n"
    "    for y in b:\n"
    "        show((x, y))\n"
    "        for z in b:\n"
    "            show((x, y, z))\n"
    "            if x >= 0xed: \n"
    "                for q in (0x41, 0x80, 0xbf, 0xc2):\n"
    "                    show((x, y, z, q))\n"
    "                    show((65, 0xc3, 0xa4, x, y, z, q))\n";

START_TEST(test_errors_like_python)
{
    if (access(PYTHON, X_OK) != 0) {
        return;
    }
    char path[] = "/tmp/qv_utf8_XXXXXX";
    int fd = mkstemp(path);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(write(fd, script, sizeof(script) - 1), sizeof(script) - 1);
    close(fd);
    char command[100];
    snprintf(command, sizeof(command), PYTHON " -I %s", path);
    FILE *python = popen(command, "r");
    ck_assert_ptr_nonnull(python);
    char line[200];
    int lines = 0;
    while (fgets(line, sizeof(line), python) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        char hex[40];
        char kind;
        ck_assert_int_eq(sscanf(line, "%39s %c", hex, &kind), 2);
        char bytes[16];
        size_t n = strlen(hex) / 2;
        for (size_t i = 0; i < n; i++) {
            unsigned byte;
            sscanf(hex + 2 * i, "%2x", &byte);
            bytes[i] = (char)byte;
        }
        QvUtf8Info info;
        bool pass = kind == 'u';
        int rc = qv_utf8_scan(bytes, n, pass, &info);
        char ours[200];
        if (rc == 0) {
            snprintf(ours, sizeof(ours), "%s %c %td ok", hex, kind, info.length);
        } else {
            snprintf(ours, sizeof(ours), "%s %c %td %td %s", hex, kind, info.error_pos,
                     info.error_pos + info.error_len, qv_utf8_reason(info.status));
        }
        // With an error handler CPython looks at the bytes by itself where a surrogate is cut off.
        bool handler = pass && strstr(hex, "ed") != NULL;
        if (strcmp(ours, line) != 0 && !handler) {
            ck_abort_msg("python %s, quiver %s", line, ours);
        }
        lines++;
    }
    pclose(python);
    unlink(path);
    ck_assert_int_gt(lines, 10000);
}
END_TEST

START_TEST(test_transcode)
{
    static const uint32_t maxima[] = {0x7F, 0xFF, 0xFFFF, 0x10FFFF};
    unsigned seed = 1;
    for (int round = 0; round < 4000; round++) {
        uint32_t max = maxima[round % 4];
        uint32_t points[200];
        uint32_t wanted_max = 0x7F;
        size_t n = (size_t)(round / 4 % 150);
        for (size_t i = 0; i < n; i++) {
            seed = seed * 1664525u + 1013904223u;
            uint32_t cp = (seed >> 8) % 3 == 0 ? (seed >> 6) % (max + 1) : 'a' + seed % 26;
            points[i] = cp;
            for (int k = 0; k < 4; k++) {
                if (cp <= maxima[k]) {
                    wanted_max = wanted_max > maxima[k] ? wanted_max : maxima[k];
                    break;
                }
            }
        }
        char text[900];
        QvSsize bytes = qv_utf8_size_ucs4(points, n, true, NULL);
        ck_assert_int_eq(qv_utf8_from_ucs4(points, n, text), bytes);
        QvUtf8Info info;
        ck_assert_int_eq(qv_utf8_scan(text, (size_t)bytes, true, &info), 0);
        ck_assert_int_eq(info.length, (QvSsize)n);
        ck_assert_uint_eq(info.max, wanted_max);
        ck_assert_uint_eq(qv_utf8_max_ucs4(points, n), wanted_max);
        uint32_t wide[200];
        ck_assert_int_eq(qv_utf8_to_ucs4(text, (size_t)bytes, wide), (QvSsize)n);
        ck_assert(memcmp(wide, points, n * sizeof(uint32_t)) == 0);
        char again[900];
        if (max <= 0xFFFF) {
            uint16_t two[200];
            ck_assert_int_eq(qv_utf8_to_ucs2(text, (size_t)bytes, two), (QvSsize)n);
            ck_assert_int_eq(qv_utf8_size_ucs2(two, n, true, NULL), bytes);
            ck_assert_int_eq(qv_utf8_from_ucs2(two, n, again), bytes);
            ck_assert(memcmp(text, again, (size_t)bytes) == 0);
            ck_assert_uint_eq(qv_utf8_max_ucs2(two, n), wanted_max);
        }
        if (max <= 0xFF) {
            uint8_t one[200];
            ck_assert_int_eq(qv_utf8_to_latin1(text, (size_t)bytes, one), (QvSsize)n);
            ck_assert_int_eq(qv_utf8_size_latin1(one, n), bytes);
            ck_assert_int_eq(qv_utf8_from_latin1(one, n, again), bytes);
            ck_assert(memcmp(text, again, (size_t)bytes) == 0);
            ck_assert_uint_eq(qv_utf8_max_latin1(one, n), wanted_max);
        }
    }
    static const uint16_t lone[] = {'a', 0xD800, 'b'};
    static const uint32_t lone4[] = {'a', 'b', 0xDFFF};
    QvSsize pos = -1;
    ck_assert_int_eq(qv_utf8_size_ucs2(lone, 3, false, &pos), -1);
    ck_assert_int_eq(pos, 1);
    ck_assert_int_eq(qv_utf8_size_ucs4(lone4, 3, false, &pos), -1);
    ck_assert_int_eq(pos, 2);
    ck_assert_int_eq(qv_utf8_size_ucs2(lone, 3, true, NULL), 5);
}
END_TEST

START_TEST(test_ascii_prefix)
{
    char text[100];
    for (size_t n = 0; n < sizeof(text); n++) {
        memset(text, 'x', sizeof(text));
        ck_assert_uint_eq(qv_utf8_ascii_prefix(text, n), n);
        for (size_t i = 0; i < n; i++) {
            text[i] = (char)0x80;
            ck_assert_uint_eq(qv_utf8_ascii_prefix(text, n), i);
            text[i] = 'x';
        }
    }
}
END_TEST

START_TEST(test_buf)
{
    QvBuf b;
    qv_buf_init(&b);
    ck_assert_str_eq(qv_buf_cstr(&b), "");
    qv_buf_append_cstr(&b, "one");
    qv_buf_append_char(&b, ' ');
    qv_buf_append_fill(&b, '-', 3);
    qv_buf_append_fill(&b, '-', 0);
    qv_buf_append(&b, NULL, 0);
    qv_buf_printf(&b, " %d %s", 42, "x");
    qv_buf_append_utf8(&b, 0x20AC);
    ck_assert_str_eq(qv_buf_cstr(&b), "one --- 42 x\xe2\x82\xac");
    for (int i = 0; i < 1000; i++) {
        qv_buf_printf(&b, "%0100d", i);
    }
    ck_assert_uint_eq(b.len, 100000 + 15);
    qv_buf_truncate(&b, 3);
    qv_buf_truncate(&b, 100);
    size_t n;
    char *text = qv_buf_take(&b, &n);
    ck_assert_str_eq(text, "one");
    ck_assert_uint_eq(n, 3);
    free(text);
    ck_assert_ptr_null(b.data);
    // Failure sticks until reset; nothing is lost before it.
    qv_buf_append_cstr(&b, "kept");
    ck_assert_int_eq(qv_buf_reserve(&b, SIZE_MAX - 2), -1);
    ck_assert(b.oom);
    qv_buf_append_char(&b, 'x');
    qv_buf_append_cstr(&b, "more");
    qv_buf_printf(&b, "%d", 1);
    ck_assert_uint_eq(b.len, 4);
    ck_assert_str_eq(qv_buf_cstr(&b), "");
    ck_assert_ptr_null(qv_buf_extend(&b, 1));
    ck_assert_ptr_null(qv_buf_take(&b, NULL));
    ck_assert_ptr_null(b.data);
    qv_buf_reset(&b);
    qv_buf_append_cstr(&b, "new");
    ck_assert_str_eq(qv_buf_cstr(&b), "new");
    qv_buf_fini(&b);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("base/utf8");
    TCase *tests = tcase_create("utf8");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, test_every_code_point);
    tcase_add_test(tests, test_errors_like_python);
    tcase_add_test(tests, test_transcode);
    tcase_add_test(tests, test_ascii_prefix);
    tcase_add_test(tests, test_buf);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
