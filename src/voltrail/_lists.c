/*
 * Long lists of serials at once: the fast path of ids/column.py, which works without it.
 *
 * Parts the plain list, and gives everything else back to Python, which says what is wrong with it.
 * Compares two lists through one table over their bytes, hashed with the key that Python draws for
 * its own sets. Knows rows that end with LF, and nothing of where they come from.
 */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdint.h>
#include <string.h>

enum { LONGEST = 64, LONGEST_ROW = 65536 }; /* [bytes] of a serial; of a row, as in column.py */
enum { MOST = 1 << 28 }; /* [bytes] of a list that is compared, so that a place has 32 bits */
enum { LEFT = 1, RIGHT = 2, LEFT_AGAIN = 4, RIGHT_AGAIN = 8, MARKS = 15 };
enum { AHEAD = 32 }; /* [rows] that are looked for at once */
enum { LEFT_ONLY, RIGHT_ONLY, LEFT_TWICE, RIGHT_TWICE, KINDS };

static const char LETTERS[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._~@/+-";
static uint8_t is_letter[256];

/* Where the serial of a row ends; nowhere in a row that is not plain. */
static const uint8_t *serial_end(const uint8_t *row, const uint8_t *ends, uint8_t separator)
{
    const uint8_t *at = row;
    while (at < ends && is_letter[*at])
        at++;
    int is_plain = at > row && at - row <= LONGEST && (at == ends || *at == separator);
    return is_plain && ends - row <= LONGEST_ROW ? at : NULL;
}

/* Writes the serials, each with LF; returns how many bytes, or -1 where a row is not plain. */
static Py_ssize_t part(const uint8_t *row, const uint8_t *ends, uint8_t separator, uint8_t *out)
{
    const uint8_t *begun = out;
    int returns = row < ends && memchr(row, '\r', (size_t)(ends - row)) != NULL;
    while (row < ends) {
        const uint8_t *feed = memchr(row, '\n', (size_t)(ends - row));
        const uint8_t *stop = feed ? feed : ends;
        if (returns && feed && stop > row && stop[-1] == '\r')
            stop--;
        const uint8_t *last = serial_end(row, stop, separator);
        if (!last || (returns && memchr(last, '\r', (size_t)(stop - last))))
            return -1;
        size_t size = (size_t)(last - row);
        memcpy(out, row, size);
        out[size] = '\n';
        out += size + 1;
        row = feed ? feed + 1 : ends;
    }
    return out - begun;
}

static PyObject *parted(PyObject *self, PyObject *given)
{
    (void)self;
    PyObject *data;
    Py_ssize_t begins;
    unsigned char separator;
    if (!PyArg_ParseTuple(given, "Snb", &data, &begins, &separator))
        return NULL;
    Py_ssize_t size = PyBytes_GET_SIZE(data);
    if (begins < 0 || begins > size)
        return PyErr_Format(PyExc_ValueError, "the rows begin outside the list");
    /* one byte more, since a last row without LF gets one */
    PyObject *made = PyBytes_FromStringAndSize(NULL, size - begins + 1);
    if (!made)
        return NULL;
    const uint8_t *text = (const uint8_t *)PyBytes_AS_STRING(data);
    Py_ssize_t written;
    Py_BEGIN_ALLOW_THREADS
    written = part(text + begins, text + size, separator, (uint8_t *)PyBytes_AS_STRING(made));
    Py_END_ALLOW_THREADS
    if (written < 0) {
        Py_DECREF(made);
        Py_RETURN_NONE;
    }
    _PyBytes_Resize(&made, written); /* on failure NULL, with the error set */
    return made;
}

/* Two lists one after the other: a place counts on from the first into the second. */
typedef struct {
    const uint8_t *text[2];
    size_t size[2];
} Lists;

/* A row that stands somewhere: where first, the upper bits of its hash, and marks; none: free. */
typedef struct {
    uint32_t place, seen;
} Slot;

static const uint8_t *row_at(const Lists *lists, uint32_t place, size_t *rest)
{
    int second = place >= lists->size[0];
    size_t at = second ? place - lists->size[0] : place;
    *rest = lists->size[second] - at;
    return lists->text[second] + at;
}

static size_t row_size(const uint8_t *row, const uint8_t *ends)
{
    return (size_t)((const uint8_t *)memchr(row, '\n', (size_t)(ends - row)) - row) + 1;
}

/* The slot of a row, LF included, or the free one where it belongs. */
static Slot *slot_of(Slot *slots, size_t mask, const Lists *lists, const uint8_t *row, size_t size,
                     uint64_t hash)
{
    uint32_t upper = (uint32_t)(hash >> 32) & ~(uint32_t)MARKS;
    for (size_t at = (size_t)hash & mask;; at = (at + 1) & mask) {
        Slot *slot = slots + at;
        if (!slot->seen)
            return slot;
        if ((slot->seen & ~(uint32_t)MARKS) == upper) {
            size_t rest;
            const uint8_t *other = row_at(lists, slot->place, &rest);
            if (size <= rest && !memcmp(row, other, size))
                return slot;
        }
    }
}

/* Marks every row of one of the lists; some at a time, so that memory is asked for ahead. */
static void mark_all(Slot *slots, size_t mask, const Lists *lists, int second)
{
    Py_hash_t (*hashed)(const void *, Py_ssize_t) = PyHash_GetFuncDef()->hash;
    uint32_t once = second ? RIGHT : LEFT, again = second ? RIGHT_AGAIN : LEFT_AGAIN;
    const uint8_t *text = lists->text[second], *row = text, *ends = text + lists->size[second];
    while (row < ends) {
        size_t size[AHEAD], count = 0, rest;
        uint64_t hash[AHEAD];
        for (const uint8_t *at = row; count < AHEAD && at < ends; at += size[count++]) {
            size[count] = row_size(at, ends);
            hash[count] = (uint64_t)hashed(at, (Py_ssize_t)size[count]);
            __builtin_prefetch(slots + (hash[count] & mask), 1);
        }
        for (size_t at = 0; at < count; at++)
            __builtin_prefetch(row_at(lists, slots[hash[at] & mask].place, &rest));
        for (size_t at = 0; at < count; row += size[at++]) {
            Slot *slot = slot_of(slots, mask, lists, row, size[at], hash[at]);
            if (!slot->seen) {
                slot->place = (uint32_t)((size_t)(row - text) + (second ? lists->size[0] : 0));
                slot->seen = (uint32_t)(hash[at] >> 32) & ~(uint32_t)MARKS;
            }
            slot->seen |= slot->seen & once ? again : once;
        }
    }
}

/* Writes each row to the answers it belongs to. */
static void tell(const Slot *slots, size_t capacity, const Lists *lists, uint8_t *out[KINDS])
{
    for (const Slot *slot = slots; slot < slots + capacity; slot++) {
        uint32_t marks = slot->seen & MARKS, both = marks & (LEFT | RIGHT);
        const int told[KINDS] = {both == LEFT, both == RIGHT, (marks & LEFT_AGAIN) != 0,
                                 (marks & RIGHT_AGAIN) != 0};
        if (!marks || marks == (LEFT | RIGHT))
            continue;
        size_t rest;
        const uint8_t *row = row_at(lists, slot->place, &rest);
        size_t size = row_size(row, row + rest);
        for (int kind = 0; kind < KINDS; kind++)
            if (told[kind]) {
                memcpy(out[kind], row, size);
                out[kind] += size;
            }
    }
}

/* An empty table over both lists, its size a power of two; a seventeenth of it stays free. */
static Slot *table_over(const Lists *lists, size_t *capacity)
{
    size_t rows = 0;
    for (int second = 0; second < 2; second++)
        for (size_t at = 0; at < lists->size[second]; at++)
            rows += lists->text[second][at] == '\n';
    for (*capacity = 2; *capacity < rows + rows / 16 + 1;)
        *capacity *= 2;
    return PyMem_RawCalloc(*capacity, sizeof(Slot));
}

/* Fills the answers, one after the other in some room; returns 0 where the table has none. */
static int compare(const Lists *lists, uint8_t *room, uint8_t *begun[KINDS], uint8_t *out[KINDS])
{
    size_t capacity;
    Slot *slots = table_over(lists, &capacity);
    if (!slots)
        return 0;
    for (int kind = 0; kind < KINDS; room += lists->size[kind++ & 1])
        begun[kind] = out[kind] = room;
    mark_all(slots, capacity - 1, lists, 1);
    mark_all(slots, capacity - 1, lists, 0);
    tell(slots, capacity, lists, out);
    PyMem_RawFree(slots);
    return 1;
}

static PyObject *compared(PyObject *self, PyObject *given)
{
    (void)self;
    Lists lists;
    PyObject *list[2], *made = NULL;
    if (!PyArg_ParseTuple(given, "SS", &list[0], &list[1]))
        return NULL;
    for (int at = 0; at < 2; at++) {
        size_t size = lists.size[at] = (size_t)PyBytes_GET_SIZE(list[at]);
        lists.text[at] = (const uint8_t *)PyBytes_AS_STRING(list[at]);
        if (size > MOST || (size && lists.text[at][size - 1] != '\n'))
            return PyErr_Format(PyExc_ValueError, "a row has no line end, or a list is too long");
    }
    /* each answer may be as long as its list; what it does not need is never touched */
    uint8_t *room = PyMem_RawMalloc(2 * (lists.size[0] + lists.size[1]));
    uint8_t *begun[KINDS], *out[KINDS];
    int done = 0;
    if (room) {
        Py_BEGIN_ALLOW_THREADS
        done = compare(&lists, room, begun, out);
        Py_END_ALLOW_THREADS
    }
    if (done)
        made = Py_BuildValue("y#y#y#y#", begun[0], out[0] - begun[0], begun[1], out[1] - begun[1],
                             begun[2], out[2] - begun[2], begun[3], out[3] - begun[3]);
    else
        PyErr_NoMemory();
    PyMem_RawFree(room);
    return made;
}

static PyMethodDef METHODS[] = {
    {"parted", parted, METH_VARARGS,
     "Return the first cells of plain rows from a place on, each ended by LF; else None."},
    {"compared", compared, METH_VARARGS,
     "Return the rows only in the left list, only in the right, twice in the left, in the right."},
    {NULL, NULL, 0, NULL}};
static PyModuleDef MODULE = {PyModuleDef_HEAD_INIT, "_lists", NULL, -1, METHODS,
                             NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit__lists(void)
{
    for (const char *one = LETTERS; *one; one++)
        is_letter[(uint8_t)*one] = 1;
    return PyModule_Create(&MODULE);
}
