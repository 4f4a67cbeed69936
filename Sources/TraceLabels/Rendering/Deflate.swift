internal import CZlib

/// zlib streams (RFC 1950), as PNG and PDF hold them.
enum Deflate {
    /// Compresses `bytes`.
    static func compressed(_ bytes: [UInt8]) throws(LabelError) -> [UInt8] {
        var count = compressBound(uLong(bytes.count))
        var output = [UInt8](repeating: 0, count: Int(clamping: count))
        guard unsafe compress2(&output, &count, bytes, uLong(bytes.count), Z_DEFAULT_COMPRESSION) == Z_OK else {
            throw LabelError("zlib", "there is not enough memory to compress \(bytes.count) bytes")
        }
        output.removeLast(output.count - Int(clamping: count))
        return output
    }
}
