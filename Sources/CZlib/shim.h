#include <zlib.h>

// zlib's initialisers are macros, which Swift does not import.
static inline int traceledger_deflate_init(z_stream *stream, int level) {
    return deflateInit2(stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
}
static inline int traceledger_inflate_init(z_stream *stream) { return inflateInit2(stream, 15 + 16); }
// RFC 1950 instead of gzip: PNG's.
static inline int traceledger_zlib_inflate_init(z_stream *stream) { return inflateInit(stream); }
