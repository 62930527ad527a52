// SPDX-License-Identifier: MIT
// A stop that comes while a built-in works on much ends it, whatever the built-in is.
//
// Each case is a native function and its arguments, made in Python. It is called from here, without
// the interpreter's loop, with a stop pending: so nobody but the function itself can notice. The
// first ones must come to their end when there is little to do, which shows that the call itself
// does not look.
#include <stdio.h>

#include "_python.h"

static int stopped;

static int stop_now(QvInterp *interp, uint32_t reasons)
{
    (void)reasons;
    stopped++;
    __atomic_fetch_and(&interp->poll, ~(uint32_t)QV_POLL_STOP, __ATOMIC_RELAXED);
    qv_raise(interp, &qv_exc_KeyboardInterrupt, "stop");
    return -1;
}

// What the cases are made of: n is how much.
static const char *const prelude = "import array, collections, io, itertools, operator, random\n"
                                   "import _codecs, _random, _struct\n"
                                   "a = 'abcdefghij' * (n // 10)\n"
                                   "w = '\\u017ebcdefghij' * (n // 10)\n"
                                   "b = bytes(range(250)) * (n // 250)\n"
                                   "z = bytearray(n)\n"
                                   "v = memoryview(b)\n"
                                   "q = memoryview(b)[::-1]\n"
                                   "k = 1 << 64 * n\n"
                                   "r = range(n // 8)\n"
                                   "t = tuple(r)\n"
                                   "d = dict.fromkeys(r)\n"
                                   "e = {i: 1 for i in r}\n"
                                   "del e[5]\n"
                                   "x = array.array('H', range(1000)) * (n // 1000 + 1)\n"
                                   "g = collections.deque(r)\n"
                                   "bs, cs = b * 1, a + ''\n";

#define CASES(list) "cases = [" list "]"

static const char *const groups[] = {
    CASES("(bytes.find, b, b'zz'), (bytes.rfind, b, b'zz'), (bytes.count, b, b'a'),"
          "(bytes.count, b, b'ab'), (bytes.replace, b, b'a', b'bc'), (bytes.split, b, b'zz'),"
          "(bytes.split, bytes(n).replace(b'\\0', b'a')), (bytes.strip, b, b),"
          "(bytes.startswith, b, bytes(list(b))), (bytes.partition, b, b'zz'),"
          "(bytes.splitlines, b'a' * n), (bytes.isascii, b'a' * n), (bytes.istitle, b'Ab ' * (n // "
          "3)),"
          "(bytes.join, b',', [b, b]), (operator.eq, b, bytes(list(b))), (bytes, z),"
          "(operator.add, b, b), (operator.getitem, b, slice(1, None)),"
          "(operator.getitem, b, slice(None, None, -1)), (operator.mod, b'%b', b),"
          "(operator.contains, b, 251), (bytes.hex, b)"),
    CASES("(bytearray.reverse, z), (bytearray.insert, z, 0, 1), (bytearray.pop, z, 0),"
          "(bytearray.copy, z), (bytearray.remove, bytearray(n), 0), (bytearray.extend, z, b),"
          "(operator.iadd, bytearray(9), b), (operator.imul, bytearray(n), 3),"
          "(operator.getitem, z, slice(None, None, 2)),"
          "(operator.delitem, bytearray(n), slice(None, None, 2)),"
          "(operator.setitem, bytearray(b), slice(None, None, -1), b),"
          "(operator.delitem, bytearray(n), slice(0, 5))"),
    CASES("(memoryview.tobytes, v), (memoryview.tobytes, q), (memoryview.tolist, q),"
          "(operator.eq, q, memoryview(b)[::-1]), (operator.eq, v, memoryview(bytes(list(b)))), "
          "(hash, q),"
          "(operator.setitem, memoryview(bytearray(b)), slice(None), q),"
          "(operator.setitem, memoryview(bytearray(b)), slice(1, None), b[1:])"),
    CASES("(str.strip, a, 'abcdefghij'), (str.strip, w, w[:10]), (str.strip, ' ' * n),"
          "(str.splitlines, a), (str.split, a), (str.rsplit, a), (str.split, a, '#'),"
          "(str.rsplit, w, 'zz'), (str.partition, a, '#'), (str.replace, a, 'a', 'b'),"
          "(str.replace, w, 'b', 'cd'), (str.replace, a, '', 'b'), (str.join, '', [a, a]),"
          "(str.join, w, ['a', 'b']), (operator.lt, a, 'a' + a[1:]), (operator.mod, '%s', w),"
          "(format, w, '>%d' % (n * 2)), (format, 5, '0%d' % n), (format, 5, '*^%d' % n),"
          "(str.format, '{:>%d}' % n, w), (hash, a + 'q'), (str.encode, w, 'utf-7'),"
          "(str.encode, w, 'ascii', 'ignore'), (bytes.decode, b'\\xff' * n, 'utf-8', 'ignore'),"
          "(bytes.decode, b'a' * n)"),
    CASES("(float, '1' * n), (complex, '1' * n), (float, ' ' * n + '1'), (hash, k),"
          "(operator.truediv, k + 1, k), (_random.Random.getrandbits, _random.Random(), n * 8),"
          "(_random.Random.seed, _random.Random(), k), (_struct.calcsize, 'i' * n),"
          "(_struct.pack, '%ds' % n, b)"),
    CASES("(set.copy, set(d)), (dict.copy, d), (dict.copy, e), (operator.or_, d, {n: 1}), "
          "(operator.xor, set(d), set(e)), (dict, d),"
          "(operator.concat, t, t), (operator.getitem, t, slice(1, None)), (hash, t),"
          "(collections.deque.copy, g), (collections.deque.count, g, 1),"
          "(operator.contains, g, -1), (collections.deque.rotate, g, n // 16),"
          "(collections.deque.reverse, g), (itertools.combinations, t, len(t)),"
          "(itertools.permutations, t), (next, itertools.combinations(t, len(t))),"
          "(itertools.tee, t, n // 8)"),
    CASES("(array.array.reverse, x), (array.array.byteswap, x), (array.array.tobytes, x),"
          "(operator.add, x, x), (operator.mul, x, 3), (operator.getitem, x, slice(1, None)),"
          "(operator.getitem, x, slice(None, None, -1)), (array.array.insert, x, 0, 1),"
          "(operator.delitem, x[:], slice(None, None, 2)), (operator.eq, x[:], x[:])"),
    CASES("(io.BytesIO.write, io.BytesIO(), b), (io.BytesIO.getvalue, io.BytesIO(b)),"
          "(io.BytesIO.readline, io.BytesIO(b'a' * n)), (io.StringIO.write, io.StringIO(), w),"
          "(io.BytesIO.writelines, io.BytesIO(), [b'a'] * n),"
          "(io.StringIO.getvalue, io.StringIO(w)), (io.StringIO.readline, io.StringIO(a)),"
          "(io.TextIOWrapper.write, io.TextIOWrapper(io.BytesIO(), newline='\\r\\n'), a),"
          "(io.BufferedReader.readline, io.BufferedReader(io.BytesIO(b'a' * n)))"),
};

static QvObj *make_cases(const char *group, int n)
{
    char source[8192];
    int length = snprintf(source, sizeof source, "n = %d\n%s%s\n", n, prelude, group);
    ck_assert_int_lt(length, (int)sizeof source);
    QvObj *globals = run_text(source);
    if (!globals) {
        QvObj *why = qv_repr(qi, qi->ts->exc);
        ck_abort_msg("%s\nraised %s", group, (char *)qv_str_data(why));
    }
    QvObj *key = text("cases");
    QvObj *cases = qv_new_ref(qi, qv_dict_peek_str(globals, key));
    qv_decref(qi, key);
    qv_decref(qi, globals);
    return cases;
}

// Calls case i with a stop pending; was it noticed?
static bool call_case(const char *group, QvObj *cases, QvSsize i)
{
    QvObj *one = qv_list_peek(cases, i);
    QvObj **items = qv_tuple_items(one);
    qv_poll_set(qi, QV_POLL_STOP);
    int before = stopped;
    QvObj *result = qv_call(qi, items[0], items + 1, qv_tuple_len(one) - 1, NULL);
    bool noticed = stopped > before;
    __atomic_fetch_and(&qi->poll, ~(uint32_t)QV_POLL_STOP, __ATOMIC_RELAXED);
    ck_assert_msg(noticed == (result == NULL), "case %d of %.60s...", (int)i, group);
    if (noticed) {
        ck_assert_int_eq(stopped, before + 1);
        expect_error(&qv_exc_KeyboardInterrupt, "stop");
    }
    qv_xdecref(qi, result);
    return noticed;
}

START_TEST(test_stops)
{
    int (*safepoint)(QvInterp *, uint32_t) = qi->hooks.safepoint;
    const char *group = groups[_i];
    for (int large = 0; large < 2; large++) {
        qi->hooks.safepoint = safepoint;
        QvObj *cases = make_cases(group, large ? 1500000 : 1000);
        qi->hooks.safepoint = stop_now;
        for (QvSsize i = 0; i < qv_list_len(cases); i++) {
            bool noticed = call_case(group, cases, i);
            // Some look at the first of their steps, too; not those at the head of a group.
            ck_assert_msg(large ? noticed : i > 0 || !noticed, "case %d of %.60s... %s", (int)i,
                          group, large ? "did not stop" : "did, though it had nothing to do");
        }
        qv_decref(qi, cases);
    }
    qi->hooks.safepoint = safepoint;
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_loop_test(tests, test_stops, 0, (int)(sizeof groups / sizeof *groups));
}

int main(void)
{
    static void (*const all[])(TCase *) = {add};
    return run_cases("stops", all, 1);
}
