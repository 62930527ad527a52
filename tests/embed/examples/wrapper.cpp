// SPDX-License-Identifier: MIT
// C++: RAII around interpreters and values, exceptions for errors, lambdas as functions of the host.
// expect: 42
// expect: hello from C++
// expect: ZeroDivisionError: division by zero
// expect: freed
#include <cstdio>
#include <functional>
#include <memory>
#include <quiver.h>
#include <stdexcept>
#include <string>
#include <utility>

class Value;

class Interpreter {
public:
    Interpreter() : q(quiver_new(nullptr)) { check(q != nullptr); }
    ~Interpreter() { quiver_free(q); }
    Interpreter(const Interpreter &) = delete;

    Value eval(const char *expression);
    void run(const char *source) { check(quiver_run(q, source, "<c++>") == 0); }
    void check(bool good) {
        const QuiverError *e = quiver_error(q);
        if (!good) throw std::runtime_error(std::string(e->type) + ": " + e->message);
    }
    using Function = std::function<std::string(std::string)>;
    void define(const char *name, Function f) {
        check(quiver_register(q, nullptr, name, call, 1, 1, new Function(std::move(f)),
                              [](void *user) { delete static_cast<Function *>(user); }) == 0);
    }
    Quiver *const q;
private:
    static QuiverValue *call(Quiver *q, void *user, QuiverValue *const *args, size_t) {
        char *text;
        if (quiver_to_str(q, args[0], &text, nullptr) < 0) return nullptr;
        std::string given = text;
        quiver_string_free(text);
        try { // no C++ exception may pass through the interpreter
            return quiver_str(q, (*static_cast<Function *>(user))(given).c_str(), -1);
        } catch (const std::exception &e) {
            return quiver_raise(q, "RuntimeError", e.what());
        }
    }
};

class Value {
public:
    Value(Interpreter &i, QuiverValue *v) : i(i), v(v) { i.check(v); }
    Value(Value &&other) : i(other.i), v(std::exchange(other.v, nullptr)) {}
    ~Value() { quiver_release(i.q, v); }
    int64_t to_int() const {
        int64_t n;
        i.check(quiver_to_int(i.q, v, &n) == 0);
        return n;
    }
private:
    Interpreter &i;
    QuiverValue *v;
};

Value Interpreter::eval(const char *expression) { return Value(*this, quiver_eval(q, expression)); }

int main()
{
    auto witness = std::shared_ptr<void>(nullptr, [](void *) { std::puts("freed"); });
    Interpreter python;
    std::printf("%lld\n", static_cast<long long>(python.eval("6 * 7").to_int()));
    python.define("show", [](std::string s) { return std::puts(s.c_str()), s; });
    python.define("greet", [witness](std::string s) { return "hello from " + s; });
    python.run("show(greet('C++'))");
    witness.reset(); // the function still has it
    try {
        python.eval("1 / 0");
    } catch (const std::runtime_error &e) { std::puts(e.what()); }
}
