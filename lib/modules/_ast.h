// SPDX-License-Identifier: MIT
// The module _ast: node classes of one interpreter, and trees as objects.
#ifndef QV_MODULES_AST_H
#define QV_MODULES_AST_H

#include "compile/ast.h"
#include "object/type.h"

// Rows of compile/ast.def, in order: classes, each followed by its fields.
typedef enum QvAstRowId {
    QV_AST_AST, // the base class; not in the table
#define SUM(id, type, pos)                           QV_AST_##id,
#define NODE(id, sum, kind, type, pos)               QV_AST_##id,
#define PRODUCT(id, type, pos)                       QV_AST_##id,
#define ENUM(id)                                     QV_AST_##id,
#define VALUE(id, sum, number)                       QV_AST_##id,
#define FIELD(cls, id, what, quantity, type, member) QV_AST_##cls##__##id,
#include "compile/ast.def"
#undef SUM
#undef NODE
#undef PRODUCT
#undef ENUM
#undef VALUE
#undef FIELD
    QV_AST_ROWS,
    // What a field may hold besides nodes.
    QV_AST_identifier = QV_AST_ROWS,
    QV_AST_string,
    QV_AST_constant,
    QV_AST_int,
} QvAstRowId;

typedef enum QvAstForm {
    QV_AST_SUM,
    QV_AST_NODE,
    QV_AST_PRODUCT,
    QV_AST_ENUM,
    QV_AST_VALUE,
    QV_AST_FIELD
} QvAstForm;

enum { QV_AST_ONE, QV_AST_OPT, QV_AST_SEQ };             // quantity of a field
enum { QV_AST_NO_POS, QV_AST_END_OPT, QV_AST_NEED_END }; // positions of a class

typedef struct QvAstRow {
    const char *name;
    uint8_t form;     // QvAstForm
    uint8_t quantity; // FIELD
    uint8_t positions;
    uint8_t pos_offset; // of the QvPos in the C struct
    uint16_t what;      // FIELD: QvAstRowId of what it holds; NODE, VALUE: the sum or enum
    uint16_t offset;    // FIELD: of the member
    uint16_t size;      // of the C struct
    int16_t kind;       // NODE, VALUE: number; 0: the struct has none
} QvAstRow;

extern const QvAstRow qv_ast_rows[QV_AST_ROWS];
extern const char *const qv_ast_pos_names[4]; // lineno ...

// What an interpreter keeps at qi->ast once the classes are made: a tuple. Entry of a class row:
// the class; of a field row: the field's name; then, at QV_AST_SINGLETON + row of a VALUE: its only
// instance as parsing makes it; then the four names of the positions.
enum { QV_AST_SINGLETON = QV_AST_ROWS, QV_AST_POS_NAMES = 2 * QV_AST_ROWS };

// The tuple, made on first need (borrowed), or NULL with an exception.
QV_BORROWED QvObj *qv_ast_classes(QvInterp *qi);

// A tree as new objects, or NULL with an exception.
QvObj *qv_ast_to_objects(QvInterp *qi, const QvMod *mod);

// Is o an instance of ast.AST? 1, 0 or -1 with an exception.
QV_RUNS int qv_ast_is_node(QvInterp *qi, QvObj *o);

// The tree that objects describe, in `arena`. root: QV_AST_Module, QV_AST_Expression or
// QV_AST_Interactive, which o must be. NULL with TypeError, ValueError, RecursionError and whatever
// attribute access raises. What the tree means is not checked: see qv_ast_validate.
QV_RUNS QvMod *qv_ast_from_objects(QvInterp *qi, QvArena *arena, QvObj *o, QvAstRowId root);

#endif
