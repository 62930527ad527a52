// SPDX-License-Identifier: MIT
// UTF-8: decode, encode, validate, and transcode to and from Latin-1, UCS-2 and UCS-4 arrays.
//
// "surrogates" parameters: true lets U+D800..U+DFFF through as three bytes (surrogatepass). Only
// success counts then: CPython reports a failure as the strict decoder sees it, so scan again.
// A UCS-2 array holds code points below 0x10000, not UTF-16: nothing is paired.
#ifndef QV_BASE_UTF8_H
#define QV_BASE_UTF8_H

#include "base/config.h"

#define QV_MAX_CODE_POINT 0x10FFFFu

typedef enum QvUtf8Status {
    QV_UTF8_OK = 0,
    QV_UTF8_BAD_START = -1, // "invalid start byte"
    QV_UTF8_BAD_CONT = -2,  // "invalid continuation byte"
    QV_UTF8_TRUNCATED = -3, // "unexpected end of data"
} QvUtf8Status;

// What qv_utf8_scan found.
typedef struct QvUtf8Info {
    QvSsize length;      // code points (up to the error, if any)
    uint32_t max;        // widest class seen: 0x7F, 0xFF, 0xFFFF or 0x10FFFF
    QvUtf8Status status; // QV_UTF8_OK or why it stopped
    QvSsize error_pos;   // byte offset of the ill-formed sequence
    QvSsize error_len;   // its bytes, as CPython reports them (error_pos + error_len = end)
} QvUtf8Info;

// CPython's words for a status ("invalid start byte"...); "" for QV_UTF8_OK.
const char *qv_utf8_reason(QvUtf8Status status);

// Decodes one code point from s (s < end). Returns the bytes used (1..4) and sets *ret_cp; or a
// negative QvUtf8Status, with the length of the ill-formed sequence in *ret_cp.
int qv_utf8_decode(const char *s, const char *end, bool surrogates, uint32_t *ret_cp);

// Encodes cp (at most 0x10FFFF, surrogates as three bytes) to dst[4]. Returns the bytes written.
int qv_utf8_encode(uint32_t cp, char *dst);

// Bytes that qv_utf8_encode would write.
static inline int qv_utf8_width(uint32_t cp)
{
    return cp < 0x80 ? 1 : cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;
}

// Number of leading bytes below 0x80.
size_t qv_utf8_ascii_prefix(const char *s, size_t n);

// Validates, counts and finds the widest code point. Returns 0, or -1 at the first ill-formed
// sequence. ret is filled in both cases.
int qv_utf8_scan(const char *s, size_t n, bool surrogates, QvUtf8Info *ret);

// Decode n bytes that qv_utf8_scan accepted, to an array of info.length items of a wide enough
// kind. Return the number of items written.
QvSsize qv_utf8_to_latin1(const char *s, size_t n, uint8_t *dst);
QvSsize qv_utf8_to_ucs2(const char *s, size_t n, uint16_t *dst);
QvSsize qv_utf8_to_ucs4(const char *s, size_t n, uint32_t *dst);

// Bytes needed to encode n items; -1 if there is a surrogate and they are not let through (its
// index is then in *ret_pos if not NULL).
QvSsize qv_utf8_size_latin1(const uint8_t *s, size_t n);
QvSsize qv_utf8_size_ucs2(const uint16_t *s, size_t n, bool surrogates, QvSsize *ret_pos);
QvSsize qv_utf8_size_ucs4(const uint32_t *s, size_t n, bool surrogates, QvSsize *ret_pos);

// Encode n items (surrogates as three bytes) to dst, which has the room told by the functions
// above. Return the bytes written.
QvSsize qv_utf8_from_latin1(const uint8_t *s, size_t n, char *dst);
QvSsize qv_utf8_from_ucs2(const uint16_t *s, size_t n, char *dst);
QvSsize qv_utf8_from_ucs4(const uint32_t *s, size_t n, char *dst);

// Widest class in an array: 0x7F, 0xFF, 0xFFFF or 0x10FFFF (0x7F when empty).
uint32_t qv_utf8_max_latin1(const uint8_t *s, size_t n);
uint32_t qv_utf8_max_ucs2(const uint16_t *s, size_t n);
uint32_t qv_utf8_max_ucs4(const uint32_t *s, size_t n);

#endif
