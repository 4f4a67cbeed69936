internal import CZlib

/// gzip (RFC 1952) by zlib.
enum Gzip {
    /// Why something could not be decompressed.
    enum Failure: Error, Equatable {
        /// Not gzip, or cut off.
        case malformed
        /// More than the bound comes out of it.
        case tooLong
    }

    /// Compresses `bytes`; `nil` where that does not make them smaller.
    static func compressed(_ bytes: [UInt8]) -> [UInt8]? {
        let stream = ZlibStream()
        guard unsafe traceledger_deflate_init(stream.pointer, 6) == Z_OK else { return nil }
        defer { unsafe _ = deflateEnd(stream.pointer) }
        var output = [UInt8](repeating: 0, count: bytes.count)
        var input = bytes
        let (status, written) = unsafe stream.run(&input, from: 0, &output) { unsafe deflate($0, Z_FINISH) }
        // No room left: it would not be smaller.
        guard status == Z_STREAM_END else { return nil }
        output.removeLast(output.count - written.out)
        return output
    }
}

/// Undoes gzip piece by piece, with a bound on what comes out.
struct GzipReader: ~Copyable {
    private let stream = ZlibStream()
    private let isOpen: Bool
    /// Whether the end of the compressed stream was read.
    private(set) var isComplete = false
    /// How many bytes may still come out.
    private var room: Int

    /// A reader out of which at most `limit` bytes come.
    init(limit: Int) {
        isOpen = unsafe traceledger_inflate_init(stream.pointer) == Z_OK
        room = limit
    }

    deinit { if isOpen { unsafe _ = inflateEnd(stream.pointer) } }

    /// What comes out of the next bytes.
    mutating func read(_ bytes: [UInt8]) throws(Gzip.Failure) -> [UInt8] {
        guard isOpen else { throw .malformed }
        var result: [UInt8] = []
        var input = bytes
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        var offset = 0
        while true {
            guard !isComplete else {
                // Nothing stands behind the stream: what does would not be what the sender's other readers see.
                guard offset == input.count else { throw .malformed }
                return result
            }
            let (status, count) = unsafe stream.run(&input, from: offset, &piece) { unsafe inflate($0, Z_NO_FLUSH) }
            offset += count.in
            room -= count.out
            guard room >= 0 else { throw .tooLong }
            result += piece[..<count.out]
            isComplete = status == Z_STREAM_END
            // Z_BUF_ERROR: it wants more bytes than there are.
            guard status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR else { throw .malformed }
            if !isComplete, offset == input.count, count.out < piece.count { return result }
        }
    }
}

/// zlib's state, which must not move: it points to itself.
@safe private final class ZlibStream {
    let pointer: UnsafeMutablePointer<z_stream>

    init() {
        unsafe pointer = .allocate(capacity: 1)
        unsafe pointer.initialize(to: z_stream())
    }

    deinit { unsafe pointer.deallocate() }

    /// Runs a step over what of `input` stands behind `offset`; gives its status, and how much was read and written.
    func run(
        _ input: inout [UInt8],
        from offset: Int,
        _ output: inout [UInt8],
        _ step: (UnsafeMutablePointer<z_stream>) -> CInt
    ) -> (status: CInt, count: (in: Int, out: Int)) {
        let (available, room) = (input.count - offset, output.count)
        return unsafe input.withUnsafeMutableBufferPointer { input in
            unsafe output.withUnsafeMutableBufferPointer { output in
                unsafe pointer.pointee.next_in = input.baseAddress.map { unsafe $0 + offset }
                unsafe pointer.pointee.avail_in = UInt32(clamping: available)
                unsafe pointer.pointee.next_out = output.baseAddress
                unsafe pointer.pointee.avail_out = UInt32(clamping: room)
                let status = unsafe step(pointer)
                let unread = unsafe Int(pointer.pointee.avail_in)
                let unwritten = unsafe Int(pointer.pointee.avail_out)
                return (status, (available - unread, room - unwritten))
            }
        }
    }
}
