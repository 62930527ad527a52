// SPDX-License-Identifier: MIT
// Forward typedefs of the object layer, so that headers need little else.
#ifndef QV_OBJECT_FWD_H
#define QV_OBJECT_FWD_H

#include "base/config.h"

typedef struct QvInterp QvInterp; // one interpreter; object/interp.h
typedef struct QvThread QvThread; // one OS thread inside one interpreter; object/interp.h
typedef struct QvObj QvObj;       // any value; object/object.h
typedef struct QvType QvType;     // any type; object/type.h
typedef struct QvShape QvShape;   // hidden class of instances; object/shape.h
typedef struct QvInt QvInt;
typedef struct QvFloat QvFloat;
typedef struct QvComplex QvComplex;
typedef struct QvStr QvStr;
typedef struct QvBytes QvBytes;
typedef struct QvByteArray QvByteArray;
typedef struct QvList QvList;
typedef struct QvTuple QvTuple;
typedef struct QvDict QvDict;
typedef struct QvSet QvSet;
typedef struct QvFunction QvFunction;
typedef struct QvCell QvCell;
typedef struct QvModule QvModule;
typedef struct QvExc QvExc;     // an exception instance; object/exception.h
typedef struct QvCode QvCode;   // code/code.h
typedef struct QvFrame QvFrame; // vm/frame.h
typedef struct QvNativeDef QvNativeDef;
typedef struct QvModuleDef QvModuleDef;
typedef struct QvPacker QvPacker; // object/pack.h
typedef struct QvUnpacker QvUnpacker;

#endif
