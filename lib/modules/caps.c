// SPDX-License-Identifier: MIT
// The table of what functions of modules need: caps.def.
#include "object/caps.h"

enum {
    NOTHING = 0,
    READ = QV_CAP_READ,
    WRITE = QV_CAP_WRITE,
    ENV = QV_CAP_ENV,
    PROCESS = QV_CAP_PROCESS,
    SOCKET = QV_CAP_SOCKET,
    THREAD = QV_CAP_THREAD,
    INTERPRETER = QV_CAP_INTERPRETER,
    NATIVE = QV_CAP_NATIVE,
    FD0 = QV_CAP_FD0,
    FD1 = QV_CAP_FD1,
    NEW = QV_CAP_NEW,
    ANY = QV_CAP_ANY,
    SELF = QV_CAP_SELF,
    TYPE = QV_CAP_TYPE,
};

const QvCapRow qv_cap_rows[] = {
#define CAP(module, name, need, how) {module, name, need, how},
#include "modules/caps.def"
#undef CAP
    {0},
};
