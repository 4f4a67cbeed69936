internal import CZlib

/// A PNG file (W3C PNG, third edition): one bit of grey a pixel, not interlaced.
enum PNGWriter {
    /// The eight bytes before everything (section 5.2).
    static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

    /// A square picture out of its filtered rows.
    static func encode(_ scanlines: [UInt8], side: Int, resolution: Int) throws(LabelError) -> [UInt8] {
        let size = bigEndian(UInt32(clamping: side))
        // Bit depth 1, grey, deflate, adaptive filtering, no interlace.
        let header = size + size + [1, 0, 0, 0, 0]
        // Pixels a metre (section 11.3.4.3).
        let perMetre = bigEndian(UInt32(clamping: Int((Double(resolution) / 0.0254).rounded())))
        return signature + chunk("IHDR", header) + chunk("pHYs", perMetre + perMetre + [1])
            + chunk("IDAT", try Deflate.compressed(scanlines)) + chunk("IEND", [])
    }

    private static func chunk(_ type: StaticString, _ data: [UInt8]) -> [UInt8] {
        let body = unsafe [UInt8](UnsafeBufferPointer(start: type.utf8Start, count: type.utf8CodeUnitCount)) + data
        return bigEndian(UInt32(clamping: data.count)) + body + bigEndian(checksum(body))
    }

    /// The CRC that ends a chunk.
    static func checksum(_ bytes: [UInt8]) -> UInt32 {
        unsafe UInt32(truncatingIfNeeded: crc32(0, bytes, UInt32(clamping: bytes.count)))
    }

    private static func bigEndian(_ value: UInt32) -> [UInt8] {
        [UInt8(value >> 24), UInt8(value >> 16 & 0xFF), UInt8(value >> 8 & 0xFF), UInt8(value & 0xFF)]
    }
}
