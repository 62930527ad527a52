// SPDX-License-Identifier: MIT
// What the files that write messages share.
//
// The writer keeps a table of objects with more than one reference (the others cannot come again),
// holds a reference to each so that no address is used twice, and can go back to an earlier state:
// what turns out not to be sendable inside a function's globals is left out.
#ifndef QV_CHANNELS_PACKER_H
#define QV_CHANNELS_PACKER_H

#include "channels/wire.h"
#include "object/error.h"
#include "object/object.h"

// Where in the value the writer is, for error texts: "message['jobs'][3].lock".
typedef enum QvStepKind { QV_STEP_INDEX, QV_STEP_KEY, QV_STEP_ATTR, QV_STEP_WORD } QvStepKind;
typedef struct QvPackStep {
    struct QvPackStep *up; // towards the message
    QvStepKind kind;
    QvSsize index;    // INDEX
    QvObj *key;       // KEY: any object; ATTR: str; borrowed
    const char *word; // WORD: as it stands
} QvPackStep;

// An object that is made from what is being written, innermost first: none of that can refer to it.
typedef struct QvPackMaking {
    const struct QvPackMaking *up;
    const QvObj *o; // borrowed
} QvPackMaking;

// A name of a globals dict that has been written, or found not to be sendable.
typedef struct QvPackedName {
    uint32_t space; // namespace number
    QvObj *name;    // borrowed from code that the message holds
} QvPackedName;

#define QV_PACK_SMALL 512 // bytes of data that need no block of their own while writing
#define QV_PACK_FEW   8   // shared objects that are looked for one by one, without a table

typedef struct QvPack {
    QvPacker base;
    QvInterp *qi;
    QvMsg *msg;               // block under construction, or NULL: data is `small`
    uint8_t *data;            // where the bytes go
    size_t len, cap;          // bytes
    struct QvHeapAway *payer; // of the sender, when it has a limit
    size_t paid;              // bytes charged so far: message and tables
    uint8_t share;            // QV_WIRE_SHARED when the next tag enters the table
    bool in_chain;            // inside an exception's cause or context
    QvObj **objs;             // table: objects by index, owned; `few` at first
    uint32_t *slots; // table: hash of addresses to index + 1; 0 free; NULL while objs is `few`
    uint32_t nobjs, cap_objs, mask;
    QvChanEnd **ends; // owned references
    uint32_t nends, cap_ends;
    QvBlock **blocks; // owned references
    uint32_t nblocks, cap_blocks;
    bool whole;     // no blocks: all bytes are written
    QvObj **spaces; // globals dicts by namespace number, owned
    uint32_t nspaces, cap_spaces;
    QvPackedName *names;
    uint32_t nnames, cap_names;
    QvPackStep *step; // innermost
    const QvPackMaking *making;
    QvType *plain; // class whose instances were last found to be plain attributes (borrowed)
    uint32_t plain_version;
    uint8_t small[QV_PACK_SMALL]; // from here on not initialised
    QvObj *few[QV_PACK_FEW];
} QvPack;

// A state to go back to.
typedef struct QvPackMark {
    size_t len;
    uint32_t nobjs, nends, nblocks, nspaces, nnames;
    QvPackStep *step;
    const QvPackMaking *making;
} QvPackMark;

// ---- pack.c: bytes, table, containers. All 0 / -1 with an exception ----
int qv_pack_pay(QvPack *p, size_t n);     // n bytes more of process memory
int qv_pack_reserve(QvPack *p, size_t n); // room for n more bytes
int qv_pack_tag(QvPack *p, QvWireTag tag);
int qv_pack_uint(QvPack *p, uint64_t n);
int qv_pack_raw(QvPack *p, const void *data, size_t n);
int qv_pack_value(QvPack *p, QvObj *o);
int qv_pack_step(QvPack *p, QvStepKind kind, QvObj *key, const char *word,
                 QvObj *o); // the value one step further in
// The message gets the block, which it holds as long as it is: 0, or -1 and the block is released.
int qv_pack_block_take(QvPack *p, QV_STOLEN QvBlock *block);
QvPackMark qv_pack_mark(const QvPack *p);
void qv_pack_rewind(QvPack *p, const QvPackMark *mark);
// After a failure: true when it only says that something cannot be sent; the exception is cleared
// then.
bool qv_pack_forgive(QvPack *p);
// NotShareableError for o at the present place. -1.
int qv_pack_refuse(QvPack *p, QvObj *o, const char *why);

// ---- pack_object.c: functions, classes, exceptions, instances ----
int qv_pack_object(QvPack *p, QvObj *o);

#endif
