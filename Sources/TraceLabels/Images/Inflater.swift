internal import CZlib

/// Undoes a zlib stream (RFC 1950) piece by piece, into room that the caller gives.
@safe struct Inflater: ~Copyable {
    private let stream: UnsafeMutablePointer<z_stream>
    private let isOpen: Bool
    /// Whether the stream's end was read.
    private(set) var isComplete = false

    /// A stream at its beginning.
    init() {
        // zlib's state points to itself and must not move.
        unsafe stream = .allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        unsafe isOpen = traceledger_zlib_inflate_init(stream) == Z_OK
    }

    deinit {
        if isOpen { unsafe _ = inflateEnd(stream) }
        unsafe stream.deallocate()
    }

    /// Reads from `input` and fills `output` from `filled` on, until one of them ends. Gives how much was read; `nil` for what is no
    /// zlib stream.
    mutating func inflate(_ input: ArraySlice<UInt8>, into output: inout [UInt8], filled: inout Int) -> Int? {
        guard isOpen, !isComplete else { return isOpen ? 0 : nil }
        let (available, room) = (input.count, output.count - filled)
        let offset = filled
        let (status, unread, unwritten) = unsafe input.withUnsafeBufferPointer { input in
            unsafe output.withUnsafeMutableBufferPointer { output in
                unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
                unsafe stream.pointee.avail_in = UInt32(clamping: available)
                unsafe stream.pointee.next_out = output.baseAddress.map { unsafe $0 + offset }
                unsafe stream.pointee.avail_out = UInt32(clamping: room)
                let status = unsafe CZlib.inflate(stream, Z_NO_FLUSH)
                return unsafe (status, Int(stream.pointee.avail_in), Int(stream.pointee.avail_out))
            }
        }
        // Z_BUF_ERROR: nothing to read, or no room.
        guard status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR else { return nil }
        isComplete = status == Z_STREAM_END
        filled += room - unwritten
        return available - unread
    }
}
