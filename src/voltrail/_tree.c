/*
 * RFC 6962 tree hashing over many rows at once: the fast path of merkle.py, which works without it.
 *
 * Two messages are hashed side by side, so that the processor's SHA-256 unit does not wait for
 * itself; where it has none, the same rounds run in plain C. Knows leaves and nodes, and nothing
 * of what a row means. Source: FIPS 180-4; RFC 6962 section 2.1.
 */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdint.h>
#include <string.h>

#if !defined(PLAIN) && (defined(__x86_64__) || defined(__i386__)) && defined(__GNUC__)
#define WITH_UNIT 1
#include <cpuid.h>
#include <immintrin.h>
#else
#define WITH_UNIT 0
#endif

enum { HASH = 32, BLOCK = 64, LANES = 2, LEAF = 0x00, NODE = 0x01 };

static const uint32_t START[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                  0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
static const uint32_t ROUND[64] __attribute__((aligned(16))) = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

typedef void (*Compress)(uint32_t state[LANES][8], const uint8_t *block[LANES]);

static uint32_t turned(uint32_t word, int by) { return word >> by | word << (32 - by); }

static uint32_t word_of(const uint8_t *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

/* One block of each lane, in plain C. */
static void compress_plain(uint32_t state[LANES][8], const uint8_t *block[LANES])
{
    for (int lane = 0; lane < LANES; lane++) {
        uint32_t w[64], s[8];
        for (int t = 0; t < 16; t++)
            w[t] = word_of(block[lane] + 4 * t);
        for (int t = 16; t < 64; t++) {
            uint32_t low = turned(w[t - 15], 7) ^ turned(w[t - 15], 18) ^ w[t - 15] >> 3;
            uint32_t high = turned(w[t - 2], 17) ^ turned(w[t - 2], 19) ^ w[t - 2] >> 10;
            w[t] = w[t - 16] + low + w[t - 7] + high;
        }
        memcpy(s, state[lane], sizeof s);
        for (int t = 0; t < 64; t++) {
            uint32_t big1 = turned(s[4], 6) ^ turned(s[4], 11) ^ turned(s[4], 25);
            uint32_t big0 = turned(s[0], 2) ^ turned(s[0], 13) ^ turned(s[0], 22);
            uint32_t one = s[7] + big1 + ((s[4] & s[5]) ^ (~s[4] & s[6])) + ROUND[t] + w[t];
            uint32_t two = big0 + ((s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]));
            memmove(s + 1, s, 7 * sizeof *s);
            s[4] += one;
            s[0] = one + two;
        }
        for (int at = 0; at < 8; at++)
            state[lane][at] += s[at];
    }
}

#if WITH_UNIT
/* One block of each lane, by the processor's own rounds; the lanes fill each other's waits. */
__attribute__((target("sha,sse4.1,ssse3"))) static void
compress_unit(uint32_t state[LANES][8], const uint8_t *block[LANES])
{
    const __m128i swap = _mm_set_epi64x(0x0c0d0e0f08090a0bLL, 0x0405060700010203LL);
    __m128i abef[LANES], cdgh[LANES], w[LANES][4];
    for (int lane = 0; lane < LANES; lane++) {
        __m128i abcd = _mm_loadu_si128((const __m128i *)&state[lane][0]);
        __m128i efgh = _mm_loadu_si128((const __m128i *)&state[lane][4]);
        abcd = _mm_shuffle_epi32(abcd, 0xb1);
        efgh = _mm_shuffle_epi32(efgh, 0x1b);
        abef[lane] = _mm_alignr_epi8(abcd, efgh, 8);
        cdgh[lane] = _mm_blend_epi16(efgh, abcd, 0xf0);
        for (int at = 0; at < 4; at++) {
            __m128i read = _mm_loadu_si128((const __m128i *)(block[lane] + 16 * at));
            w[lane][at] = _mm_shuffle_epi8(read, swap);
        }
    }
    __m128i first[LANES][2];
    for (int lane = 0; lane < LANES; lane++)
        first[lane][0] = abef[lane], first[lane][1] = cdgh[lane];
#pragma GCC unroll 16
    for (int four = 0; four < 16; four++) {
        const __m128i k = _mm_load_si128((const __m128i *)(ROUND + 4 * four));
#pragma GCC unroll 2
        for (int lane = 0; lane < LANES; lane++) {
            __m128i *v = w[lane];
            __m128i sum = _mm_add_epi32(v[four & 3], k);
            cdgh[lane] = _mm_sha256rnds2_epu32(cdgh[lane], abef[lane], sum);
            sum = _mm_shuffle_epi32(sum, 0x0e);
            abef[lane] = _mm_sha256rnds2_epu32(abef[lane], cdgh[lane], sum);
            if (four < 12) {
                __m128i next = _mm_sha256msg1_epu32(v[four & 3], v[(four + 1) & 3]);
                __m128i shifted = _mm_alignr_epi8(v[(four + 3) & 3], v[(four + 2) & 3], 4);
                next = _mm_add_epi32(next, shifted);
                v[four & 3] = _mm_sha256msg2_epu32(next, v[(four + 3) & 3]);
            }
        }
    }
    for (int lane = 0; lane < LANES; lane++) {
        __m128i left = _mm_shuffle_epi32(_mm_add_epi32(abef[lane], first[lane][0]), 0x1b);
        __m128i right = _mm_shuffle_epi32(_mm_add_epi32(cdgh[lane], first[lane][1]), 0xb1);
        _mm_storeu_si128((__m128i *)&state[lane][0], _mm_blend_epi16(left, right, 0xf0));
        _mm_storeu_si128((__m128i *)&state[lane][4], _mm_alignr_epi8(right, left, 8));
    }
}

static int has_unit(void)
{
    unsigned a, b, c, d;
    if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & bit_SSE4_1) || !(c & bit_SSSE3))
        return 0;
    return __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b >> 29 & 1);
}
#endif

static Compress compress = compress_plain;

static void write_hash(uint8_t *out, const uint32_t state[8])
{
    for (int at = 0; at < 8; at++)
        for (int part = 0; part < 4; part++)
            out[4 * at + part] = (uint8_t)(state[at] >> (24 - 8 * part));
}

/* The block at a place of a message of one kind byte and some bytes, padded as FIPS 180-4 says. */
static void padded(uint8_t out[BLOCK], uint8_t kind, const uint8_t *text, size_t size, size_t place)
{
    size_t total = size + 1, begins = place * BLOCK;
    size_t from = place ? begins - 1 : 0, room = place ? BLOCK : BLOCK - 1;
    size_t count = from < size ? size - from : 0;
    memset(out, 0, BLOCK);
    out[0] = place ? 0 : kind;
    memcpy(out + (place ? 0 : 1), text + (count ? from : 0), count < room ? count : room);
    if (begins <= total && total < begins + BLOCK)
        out[total - begins] = 0x80;
    if ((total + 8) / BLOCK == place) {
        uint64_t bits = (uint64_t)total * 8;
        for (int part = 0; part < 8; part++)
            out[BLOCK - 1 - part] = (uint8_t)(bits >> 8 * part);
    }
}

/* The hashes of two messages, each of a kind byte and some bytes. */
static void hash_two(uint8_t kind, const uint8_t *text[LANES], const size_t size[LANES],
                     uint8_t *out[LANES])
{
    uint32_t state[LANES][8];
    size_t blocks[LANES], most = 0;
    for (int lane = 0; lane < LANES; lane++) {
        memcpy(state[lane], START, sizeof START);
        blocks[lane] = (size[lane] + 1 + 8) / BLOCK + 1;
        most = blocks[lane] > most ? blocks[lane] : most;
    }
    for (size_t place = 0; place < most; place++) {
        uint8_t held[LANES][BLOCK];
        const uint8_t *block[LANES];
        for (int lane = 0; lane < LANES; lane++) {
            padded(held[lane], kind, text[lane], size[lane], place < blocks[lane] ? place : 0);
            block[lane] = held[lane];
        }
        compress(state, block);
        for (int lane = 0; lane < LANES; lane++)
            if (place + 1 == blocks[lane])
                write_hash(out[lane], state[lane]);
    }
}

/* The row above some hashes, written over them: pairs become nodes, a last single one goes up. */
static size_t row_above(uint8_t *row, size_t count)
{
    size_t pairs = count / 2;
    for (size_t at = 0; at < pairs; at += LANES) {
        int both = at + 1 < pairs; /* else the second lane repeats the first */
        const uint8_t *text[LANES] = {row + 2 * HASH * at, row + 2 * HASH * (at + both)};
        const size_t size[LANES] = {2 * HASH, 2 * HASH};
        uint8_t made[LANES][HASH], *out[LANES] = {made[0], made[1]};
        hash_two(NODE, text, size, out);
        memcpy(row + HASH * at, made, both ? sizeof made : HASH);
    }
    if (count & 1)
        memmove(row + HASH * pairs, row + HASH * (count - 1), HASH);
    return pairs + (count & 1);
}

/* The leaf hashes of rows that end with LF each. */
static void leaves_of(const uint8_t *text, size_t size, uint8_t *out)
{
    const uint8_t *ends = text + size;
    while (text < ends) {
        const uint8_t *found[LANES];
        size_t length[LANES];
        uint8_t spare[HASH], *made[LANES] = {out, spare};
        int rows = 0;
        for (; rows < LANES && text < ends; rows++) {
            const uint8_t *feed = memchr(text, '\n', (size_t)(ends - text));
            found[rows] = text;
            length[rows] = (size_t)(feed - text);
            made[rows] = out + HASH * rows;
            text = feed + 1;
        }
        if (rows == 1)
            found[1] = found[0], length[1] = 0, made[1] = spare;
        hash_two(LEAF, found, length, made);
        out += HASH * rows;
    }
}

static PyObject *leaf_hashes(PyObject *self, PyObject *given)
{
    (void)self;
    Py_buffer rows;
    if (PyObject_GetBuffer(given, &rows, PyBUF_SIMPLE) < 0)
        return NULL;
    const uint8_t *text = rows.buf;
    size_t size = (size_t)rows.len, count = 0;
    if (size && text[size - 1] != '\n') {
        PyBuffer_Release(&rows);
        PyErr_SetString(PyExc_ValueError, "the last row has no line end");
        return NULL;
    }
    for (const uint8_t *at = text, *ends = text + size; at < ends; count++)
        at = (const uint8_t *)memchr(at, '\n', (size_t)(ends - at)) + 1;
    PyObject *made = PyBytes_FromStringAndSize(NULL, (Py_ssize_t)(count * HASH));
    if (made) {
        uint8_t *out = (uint8_t *)PyBytes_AS_STRING(made);
        Py_BEGIN_ALLOW_THREADS
        leaves_of(text, size, out);
        Py_END_ALLOW_THREADS
    }
    PyBuffer_Release(&rows);
    return made;
}

static PyObject *root(PyObject *self, PyObject *given)
{
    (void)self;
    Py_buffer hashes;
    if (PyObject_GetBuffer(given, &hashes, PyBUF_SIMPLE) < 0)
        return NULL;
    size_t count = (size_t)hashes.len / HASH;
    PyObject *made = NULL;
    uint8_t *row = NULL;
    if (!count || (size_t)hashes.len % HASH)
        PyErr_SetString(PyExc_ValueError, "a row of hashes is 32 bytes for each leaf");
    else if (!(row = PyMem_RawMalloc(count * HASH)))
        PyErr_NoMemory();
    else {
        Py_BEGIN_ALLOW_THREADS
        memcpy(row, hashes.buf, count * HASH);
        while (count > 1)
            count = row_above(row, count);
        Py_END_ALLOW_THREADS
        made = PyBytes_FromStringAndSize((const char *)row, HASH);
        PyMem_RawFree(row);
    }
    PyBuffer_Release(&hashes);
    return made;
}

/* From a leaf hash over its siblings to the root: below `joins` a bit of the index says on which
 * side a sibling stands, above it all stand on the left. */
static PyObject *climb(PyObject *self, PyObject *given)
{
    (void)self;
    Py_buffer leaf, path;
    unsigned long long index;
    Py_ssize_t joins;
    if (!PyArg_ParseTuple(given, "y*y*Kn", &leaf, &path, &index, &joins))
        return NULL;
    PyObject *made = NULL;
    if (leaf.len != HASH || path.len % HASH)
        PyErr_SetString(PyExc_ValueError, "a hash is 32 bytes");
    else {
        uint8_t pair[2 * HASH], found[HASH], spare[HASH], *out[LANES] = {found, spare};
        const uint8_t *sibling = path.buf, *text[LANES] = {pair, pair};
        const size_t size[LANES] = {2 * HASH, 2 * HASH};
        memcpy(found, leaf.buf, HASH);
        for (Py_ssize_t at = 0; at < path.len / HASH; at++, index >>= 1, sibling += HASH) {
            int left = at >= joins || (index & 1);
            memcpy(pair, left ? sibling : found, HASH);
            memcpy(pair + HASH, left ? found : sibling, HASH);
            hash_two(NODE, text, size, out);
        }
        made = PyBytes_FromStringAndSize((const char *)found, HASH);
    }
    PyBuffer_Release(&leaf);
    PyBuffer_Release(&path);
    return made;
}

static PyMethodDef METHODS[] = {
    {"leaf_hashes", leaf_hashes, METH_O, "Return the leaf hashes of rows that end with LF, joined."},
    {"climb", climb, METH_VARARGS, "Return the root above a leaf hash, over its joined siblings."},
    {"root", root, METH_O, "Return the root over joined leaf hashes, at least one."},
    {NULL, NULL, 0, NULL}};
static PyModuleDef MODULE = {PyModuleDef_HEAD_INIT, "_tree", NULL, -1, METHODS, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit__tree(void)
{
#if WITH_UNIT
    if (has_unit())
        compress = compress_unit;
#endif
    return PyModule_Create(&MODULE);
}
