// SPDX-License-Identifier: MIT
// Process memory: malloc number n fails, for each n, over create, run (threads, channels, another
// interpreter, capabilities, captured output), reset and destroy: errors, no crash, no leak. This
// program has its own malloc, which counts; what heaps ask jemalloc for does not come through it.
#include <cjson/cJSON.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "_interp.h"

#if !QV_SANITIZE && !QV_SANITIZE_THREAD

extern void *__libc_malloc(size_t n);
extern void *__libc_calloc(size_t n, size_t size);
extern void *__libc_realloc(void *p, size_t n);
extern void __libc_free(void *p);
extern void *__libc_memalign(size_t alignment, size_t n);

static int64_t fail_in = -1; // atomic: mallocs until failure; negative: none fails
static int64_t live;         // atomic: blocks
static bool fail_once;

static bool fails(void)
{
    int64_t n = __atomic_load_n(&fail_in, __ATOMIC_RELAXED);
    if (n < 0) {
        return false;
    }
    if (n > 0) {
        __atomic_sub_fetch(&fail_in, 1, __ATOMIC_RELAXED);
        return false;
    }
    if (fail_once) {
        __atomic_store_n(&fail_in, -1, __ATOMIC_RELAXED);
    }
    errno = ENOMEM;
    return true;
}

static void *counted(void *p)
{
    __atomic_add_fetch(&live, p != NULL, __ATOMIC_RELAXED);
    return p;
}

void *malloc(size_t n) { return fails() ? NULL : counted(__libc_malloc(n)); }
void *calloc(size_t n, size_t size) { return fails() ? NULL : counted(__libc_calloc(n, size)); }

void *realloc(void *p, size_t n)
{
    void *q = fails() ? NULL : __libc_realloc(p, n);
    return p ? q : counted(q);
}

void *aligned_alloc(size_t alignment, size_t n)
{
    return fails() ? NULL : counted(__libc_memalign(alignment, n));
}

int posix_memalign(void **ret, size_t alignment, size_t n)
{
    *ret = aligned_alloc(alignment, n);
    return *ret ? 0 : ENOMEM;
}

void free(void *p)
{
    __atomic_sub_fetch(&live, p != NULL, __ATOMIC_RELAXED);
    __libc_free(p);
}

static const char PROGRAM[] =
    "import channels, _thread, _interpreters\n"
    "tx, rx = channels.open(3)\n"
    "tx.send([1, 'two'] * 50); rx.recv()\n"
    "i = _interpreters.create(options={'limits': {'fuel': 10000}, 'deny': ['write'], 'stdout': "
    "'capture', 'argv': ['x']})\n"
    "_interpreters.exec(i, 'print(1, flush=True)')\n"
    "_interpreters.take_output(i, 1)\n"
    "lock = _thread.allocate_lock(); lock.acquire()\n"
    "_thread.start_new_thread(lock.release, ()); lock.acquire()\n"
    "t = _interpreters.call_in_thread(i, len, ('abc',)); t.join()\n"
    "_interpreters.reset(i)\n"
    "_interpreters.destroy(i)\n"
    "print('x' * 3000, flush=True)\n";

// Everything from create to destroy. True when nothing failed.
static bool whole_life(void)
{
    static const char *const dirs[] = {"/usr", "/tmp", NULL};
    static const char *const argv[] = {"prog", "x", NULL};
    QuiverConfig config;
    quiver_config_init(&config);
    config.stdout_stream = config.stderr_stream = QUIVER_STREAM_CAPTURE;
    config.argv = argv;
    config.argc = 2;
    config.read_dirs = dirs;
    config.nread_dirs = 2;
    config.import_allow = (const char *const[]){"channels", "_thread", "_interpreters"};
    config.nimport_allow = 3;
    config.time_limit = 1000000000000;
    QuiverPool *pool = quiver_pool_new(&config, 1);
    Quiver *q = quiver_pool_acquire(pool);
    bool whole = q != NULL;
    if (q) {
        whole &= quiver_run(q, PROGRAM, "<program>") == 0;
        char *text = NULL;
        whole &= quiver_take_output(q, 1, &text, NULL) == 0;
        quiver_string_free(text);
        (void)quiver_error(q);
        if (!fail_once) { // nothing at all can be had: cycles would stay until the heap goes
            int64_t n = __atomic_load_n(&fail_in, __ATOMIC_RELAXED);
            __atomic_store_n(&fail_in, n == 0 ? -1 : n, __ATOMIC_RELAXED);
        }
        whole &= quiver_pool_release(pool, q) == 0;
    }
    quiver_pool_free(pool);
    return whole;
}

START_TEST(test_malloc_fails)
{
    __atomic_store_n(&fail_in, -1, __ATOMIC_RELAXED);
    ck_assert(whole_life()); // what the process keeps for itself is made
    ck_assert(whole_life());
    int64_t before = __atomic_load_n(&live, __ATOMIC_RELAXED), most = before;
    fail_once = _i;
    const char *given = getenv("QUIVER_FAULTS");
    int64_t n = given ? strtoll(given, NULL, 10) - 1 : 0; // the first
    for (bool all = false; !all; n++) {
        __atomic_store_n(&fail_in, n, __ATOMIC_RELAXED);
        if (getenv("QUIVER_FAULTS")) {
            fprintf(stderr, "%lld\n", (long long)n);
        }
        bool whole = whole_life();
        all = __atomic_exchange_n(&fail_in, -1, __ATOMIC_RELAXED) > 0;
        ck_assert_msg(!all || whole, "%lld: failed without a cause", (long long)n);
        uint64_t id;
        while (qv_process_list(&id, 1) > 0) { // one that the script could not end
            QvInstance *inst = qv_process_find(id);
            ck_assert_int_ge(qv_instance_free(inst), 0);
            qv_instance_release(inst);
        }
        for (int k = 0; quiver_process_live_bytes() && k < 1000; k++) {
            usleep(1000); // a thread that has done its job gives the outcome back a little later
        }
        ck_assert_uint_eq(quiver_process_live_bytes(), 0);
        // Threads that end give their last blocks back a little later.
        int64_t now = __atomic_load_n(&live, __ATOMIC_RELAXED);
        for (int k = 0; now > before + 8 && k < 1000; k++) {
            usleep(1000);
            now = __atomic_load_n(&live, __ATOMIC_RELAXED);
        }
        most = now > most ? now : most;
    }
    ck_assert_msg(most <= before + 8, "%lld blocks are left after %lld runs",
                  (long long)(most - before), (long long)n);
}
END_TEST

// What a thread of the host does with channels, in no interpreter. True when nothing failed.
static bool channel_life(void)
{
    QuiverEnd *tx, *rx, *inner = NULL;
    static char block[4];
    QuiverBuffer buffer;
    size_t at;
    cJSON *tree = cJSON_Parse("{\"a\": [1, 2, 3, 4, 5, 6, 7, 8, 9.5], \"b\": {\"c\": \"text\"}}");
    if (quiver_channel_open(QUIVER_UNBOUNDED, "faults", &tx, &rx) != QUIVER_OK) {
        cJSON_Delete(tree);
        return false;
    }
    bool whole = quiver_send_text(tx, "gr\xc3\xbc\xc3\x9f", -1, 0) == QUIVER_OK;
    whole &= quiver_send_double(tx, 1.5, 0) == QUIVER_OK;
    whole &= quiver_send_bytes(tx, "abc", 3, 0) == QUIVER_OK;
    whole &= tree && quiver_send_cjson(tx, tree, 0) == QUIVER_OK;
    QuiverMessage *made[] = {quiver_message_end(tx), quiver_message_int(7),
                             quiver_message_buffer(block, sizeof block, true, NULL, NULL)};
    for (int k = 0; k < 3; k++) {
        QuiverCase one = {.end = tx, .msg = made[k]};
        whole &= made[k] && quiver_select(&one, 1, 0, &at) == QUIVER_OK;
        quiver_message_free(made[k] ? one.msg : NULL);
    }
    QuiverMessage *msg;
    while (quiver_receive(rx, &msg, 0) == QUIVER_OK) {
        char *text;
        cJSON *copy;
        char error[8];
        if (quiver_message_to_text(msg, &text, NULL) == QUIVER_OK) {
            quiver_string_free(text);
        }
        whole &= quiver_message_to_cjson(msg, &copy, error, sizeof error) != QUIVER_NO_MEMORY;
        cJSON_Delete(copy);
        if (quiver_message_to_end(msg, &inner) == QUIVER_OK) {
            quiver_end_release(inner);
        }
        if (quiver_message_take_buffer(msg, &buffer) == QUIVER_OK) {
            buffer.free(buffer.user);
        } else {
            quiver_message_free(msg);
        }
    }
    cJSON_Delete(tree);
    quiver_end_release(tx);
    quiver_end_release(rx);
    return whole;
}

START_TEST(test_channel_malloc_fails)
{
    __atomic_store_n(&fail_in, -1, __ATOMIC_RELAXED);
    ck_assert(channel_life());
    int64_t before = __atomic_load_n(&live, __ATOMIC_RELAXED);
    fail_once = _i;
    bool all = false;
    for (int64_t n = 0; !all; n++) {
        __atomic_store_n(&fail_in, n, __ATOMIC_RELAXED);
        bool whole = channel_life();
        all = __atomic_exchange_n(&fail_in, -1, __ATOMIC_RELAXED) > 0;
        ck_assert_msg(!all || whole, "%lld: failed without a cause", (long long)n);
        ck_assert_uint_eq(quiver_channels(NULL, 0), 0);
        ck_assert_int_eq(__atomic_load_n(&live, __ATOMIC_RELAXED), before);
    }
}
END_TEST

#else

START_TEST(test_malloc_fails) {}
END_TEST

START_TEST(test_channel_malloc_fails) {}
END_TEST

#endif

int main(void)
{
    Suite *suite = suite_create("faults_process");
    TCase *tests = tcase_create("faults_process");
    tcase_set_timeout(tests, 120);
    tcase_add_loop_test(tests, test_malloc_fails, 0, 2);
    tcase_add_loop_test(tests, test_channel_malloc_fails, 0, 2);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
