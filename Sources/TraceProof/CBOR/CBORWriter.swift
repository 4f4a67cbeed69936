/// Writes deterministic CBOR (RFC 8949 section 4.2.1): shortest heads, definite lengths, shortest floats, sorted maps.
///
/// ```swift
/// var writer = CBORWriter()
/// writer.map {
///     $0.entry(1) { $0.integer(-8) }
///     $0.entry("note") { $0.text("maize") }
/// }
/// writer.output  // a2 01 27 64 6e6f7465 65 6d61697a65
/// ```
///
/// Headers are written before what they count: the caller of ``array(_:)``, of ``map(_:)-(Int)`` and of ``tag(_:)``
/// writes exactly so many items after them.
public struct CBORWriter: Sendable {
    /// The bytes written so far.
    public private(set) var output: [UInt8] = []

    /// An empty output.
    public init() {}

    /// An empty output with room for so many bytes.
    public init(capacity: Int) { output.reserveCapacity(capacity) }

    private mutating func head(_ major: UInt8, _ argument: UInt64) {
        let type = major << 5
        if argument < 24 {
            output.append(type | UInt8(truncatingIfNeeded: argument))
        } else if argument <= 0xFF {
            output.append(type | 24)
            output.append(UInt8(truncatingIfNeeded: argument))
        } else if argument <= 0xFFFF {
            output.append(type | 25)
            bigEndian(argument, byteCount: 2)
        } else if argument <= 0xFFFF_FFFF {
            output.append(type | 26)
            bigEndian(argument, byteCount: 4)
        } else {
            output.append(type | 27)
            bigEndian(argument, byteCount: 8)
        }
    }

    private mutating func bigEndian(_ value: UInt64, byteCount: Int) {
        for index in stride(from: byteCount - 1, through: 0, by: -1) {
            output.append(UInt8(truncatingIfNeeded: value >> UInt64(8 * index)))
        }
    }

    /// An integer from 0 to 2^64-1.
    public mutating func unsigned(_ value: UInt64) { head(0, value) }

    /// The integer -1-`value`, down to -2^64.
    public mutating func negative(_ value: UInt64) { head(1, value) }

    /// A signed integer.
    public mutating func integer(_ value: Int64) {
        if value < 0 { head(1, UInt64(bitPattern: ~value)) } else { head(0, UInt64(bitPattern: value)) }
    }

    /// A byte string.
    public mutating func bytes(_ value: some Collection<UInt8>) {
        head(2, UInt64(value.count))
        output.append(contentsOf: value)
    }

    /// A byte string of 32 bytes.
    public mutating func bytes(_ digest: Digest) {
        head(2, UInt64(Digest.byteCount))
        unsafe digest.withUnsafeBytes { unsafe output.append(contentsOf: $0) }
    }

    /// A text string; its bytes are written as they are, without Unicode normalisation.
    public mutating func text(_ value: String) {
        head(3, UInt64(value.utf8.count))
        output.append(contentsOf: value.utf8)
    }

    /// The head of an array of `count` items. Precondition: `count` is not negative.
    public mutating func array(_ count: Int) { head(4, UInt64(count)) }

    /// The head of a map of `count` pairs, which the caller writes sorted by their encoded keys; ``map(_:)`` with a
    /// closure sorts by itself. Precondition: `count` is not negative.
    public mutating func map(_ count: Int) { head(5, UInt64(count)) }

    /// A tag; the next item is its content.
    public mutating func tag(_ number: UInt64) { head(6, number) }

    /// `false` or `true`.
    public mutating func boolean(_ value: Bool) { output.append(value ? 0xF5 : 0xF4) }

    /// `null`.
    public mutating func null() { output.append(0xF6) }

    /// `undefined`.
    public mutating func undefined() { output.append(0xF7) }

    /// A simple value. Precondition: not 24 to 31, which do not exist (RFC 8949 section 3.3).
    public mutating func simple(_ value: UInt8) {
        precondition(!(24...31).contains(value), "simple values 24 to 31 do not exist")
        head(7, UInt64(value))
    }

    /// A float in the shortest form that keeps its value; every NaN becomes the canonical one.
    public mutating func float(_ value: Double) {
        if value.isNaN {
            output.append(0xF9)
            bigEndian(UInt64(CBORFloat.notANumber), byteCount: 2)
        } else if let single = CBORFloat.single(value.bitPattern) {
            if let half = CBORFloat.half(single) {
                output.append(0xF9)
                bigEndian(UInt64(half), byteCount: 2)
            } else {
                output.append(0xFA)
                bigEndian(UInt64(single), byteCount: 4)
            }
        } else {
            output.append(0xFB)
            bigEndian(value.bitPattern, byteCount: 8)
        }
    }

    /// One item that is deterministic CBOR already, copied as it is.
    public mutating func encoded(_ item: some Collection<UInt8>) { output.append(contentsOf: item) }

    /// A map whose entries may be written in any order: they are sorted bytewise by their encoded keys.
    ///
    /// Precondition: no key twice. Where keys come from outside, check them first.
    public mutating func map<E>(_ build: (inout CBORMapWriter) throws(E) -> Void) throws(E) {
        var entries = CBORMapWriter()
        try build(&entries)
        head(5, UInt64(entries.count))
        entries.append(to: &output)
    }
}
