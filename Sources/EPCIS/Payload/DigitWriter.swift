/// Puts digits together in the storage of the string that they become.
@safe struct DigitWriter {
    private let bytes: UnsafeMutableBufferPointer<UInt8>
    private var count = 0

    /// The text that `write` writes, at most 36 characters.
    static func text(_ write: (inout DigitWriter) -> Void) -> String {
        unsafe String(unsafeUninitializedCapacity: 36) { bytes in
            var writer = unsafe DigitWriter(bytes: bytes)
            write(&writer)
            return writer.count
        }
    }

    private init(bytes: UnsafeMutableBufferPointer<UInt8>) { unsafe self.bytes = unsafe bytes }

    private mutating func byte(_ byte: UInt8) {
        precondition(count < 36)
        unsafe bytes[count] = byte
        count &+= 1
    }

    mutating func character(_ scalar: Unicode.Scalar) { byte(UInt8(truncatingIfNeeded: scalar.value)) }

    mutating func number(_ value: Int, _ width: Int) {
        var unit = Int(CompactTime.powersOfTen[width - 1])
        while unit > 0 {
            byte(0x30 + UInt8(truncatingIfNeeded: value / unit % 10))
            unit /= 10
        }
    }

    /// A number below 100.
    mutating func pair(_ value: Int) {
        let value = UInt32(truncatingIfNeeded: value)
        byte(0x30 &+ UInt8(truncatingIfNeeded: value / 10 % 10))
        byte(0x30 &+ UInt8(truncatingIfNeeded: value % 10))
    }

    mutating func mark(_ scalar: Unicode.Scalar, _ value: Int) {
        character(scalar)
        pair(value)
    }

    mutating func offset(_ minutes: Int) {
        mark(minutes < 0 ? "-" : "+", Int(minutes.magnitude) / 60)
        mark(":", Int(minutes.magnitude) % 60)
    }
}
