internal import QRReader

/// Reads a PNG file (W3C PNG, third edition) as grey: every colour type and depth, not interlaced. Transparent pixels are white.
struct PNGReader {
    private let bytes: [UInt8]
    private var position = 8
    private var image: PNGScanlines?

    /// The picture in a file that begins with the signature.
    static func decode(_ bytes: [UInt8]) throws(LabelError) -> GreyImage {
        var reader = PNGReader(bytes)
        while try reader.readChunk() {}
        return try reader.finish()
    }

    private init(_ bytes: [UInt8]) { self.bytes = bytes }

    private func failure(at position: Int, _ reason: String) -> LabelError {
        LabelError("PNG, byte \(position)", reason)
    }

    /// Reads the next chunk (section 5.3) and says whether more follow.
    private mutating func readChunk() throws(LabelError) -> Bool {
        let start = position
        guard bytes.count - start >= 12 else { throw failure(at: start, "the file is cut off") }
        let length = Int(word(at: start))
        guard length <= bytes.count - start - 12 else { throw failure(at: start, "the file is cut off") }
        let type = bytes[start + 4..<start + 8]
        let body = start + 8..<start + 8 + length
        guard PNGWriter.checksum(Array(bytes[start + 4..<body.upperBound])) == word(at: body.upperBound) else {
            throw failure(at: body.upperBound, "the checksum does not fit: the file is damaged")
        }
        position = body.upperBound + 4
        switch String(decoding: type, as: UTF8.self) {
        case "IHDR" where image == nil: image = PNGScanlines(try readHeader(body))
        case "PLTE" where image?.isStarted == false && length % 3 == 0 && (1...256).contains(length / 3):
            image?.palette = stride(from: body.lowerBound, to: body.upperBound, by: 3).map {
                PNGFormat.grey(bytes[$0], bytes[$0 + 1], bytes[$0 + 2])
            }
        case "tRNS" where image?.isStarted == false: image?.transparency = Array(bytes[body])
        case "IDAT" where image != nil:
            guard let reason = image?.add(bytes[body]) else { break }
            throw failure(at: body.lowerBound, reason)
        case "IEND": return false
        default:
            // A small first letter means that a reader may do without it.
            guard image != nil, (type.first ?? 0) & 0x20 != 0 else {
                throw failure(at: start, "there is a chunk that does not belong here")
            }
        }
        return true
    }

    /// IHDR (section 11.2.1).
    private func readHeader(_ body: Range<Int>) throws(LabelError) -> PNGFormat {
        guard body.count == 13 else { throw failure(at: body.lowerBound, "the header has not 13 bytes") }
        let (width, height) = (Int(word(at: body.lowerBound)), Int(word(at: body.lowerBound + 4)))
        try GreyImage.checkSize(width, height, of: "PNG")
        let rest = bytes[body.lowerBound + 8..<body.upperBound]
        let (depth, colour) = (Int(rest[rest.startIndex]), rest[rest.startIndex + 1])
        guard let kind = PNGFormat.Colour(rawValue: colour), kind.depths.contains(depth) else {
            throw failure(at: body.lowerBound + 8, "colour type \(colour) with \(depth) bits does not exist")
        }
        guard rest[rest.startIndex + 2] == 0, rest[rest.startIndex + 3] == 0 else {
            throw failure(at: body.lowerBound + 10, "compression or filter is unknown")
        }
        guard rest[rest.startIndex + 4] == 0 else {
            throw failure(at: body.lowerBound + 12, "interlaced pictures are not read; save it without interlacing")
        }
        return PNGFormat(width: width, height: height, depth: depth, colour: kind)
    }

    private consuming func finish() throws(LabelError) -> GreyImage {
        guard let image else { throw LabelError("PNG", "there is no header") }
        guard let picture = image.finish() else { throw failure(at: position, "rows of the picture are missing") }
        return picture
    }

    private func word(at offset: Int) -> UInt32 {
        bytes[offset..<offset + 4].reduce(0) { $0 << 8 | UInt32($1) }
    }
}
