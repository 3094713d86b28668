#pragma once
#include <zlib.h>

/* zlib's beginnings are macros, which Swift cannot import. Without zlib's own head and checksum. */
static inline int czlib_begin_deflating(z_stream *stream, int window_bits) {
  return deflateInit2(stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, -window_bits, 8, Z_DEFAULT_STRATEGY);
}
/* With gzip's head and checksum. */
static inline int czlib_begin_gunzipping(z_stream *stream) { return inflateInit2(stream, 16 + MAX_WBITS); }
static inline int czlib_begin_inflating(z_stream *stream) { return inflateInit2(stream, -MAX_WBITS); }
