/// A SHA-256 digest: 32 bytes as an inline value, so that hashing a tree allocates nothing.
public struct Digest: Hashable, Sendable, BitwiseCopyable {
    /// The length of a digest in bytes.
    public static let byteCount = 32

    // Four words in memory order; their numeric value means nothing.
    private var words: (UInt64, UInt64, UInt64, UInt64)

    init() { words = (0, 0, 0, 0) }

    /// The digest with these 32 bytes; `nil` for any other length.
    public init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == Digest.byteCount else { return nil }
        self.init()
        unsafe Swift.withUnsafeMutableBytes(of: &words) { buffer in
            var index = 0
            for byte in bytes {
                unsafe buffer[index] = byte
                index += 1
            }
        }
    }

    /// The digests in `bytes`, 32 each; what is left over is not looked at.
    package static func array(_ bytes: [UInt8]) -> [Digest] {
        unsafe [Digest](unsafeUninitializedCapacity: bytes.count / byteCount) { digests, count in
            count = bytes.count / byteCount
            let wanted = UnsafeMutableRawBufferPointer(digests)
            unsafe bytes.withUnsafeBytes { input in
                unsafe wanted.copyMemory(from: UnsafeRawBufferPointer(rebasing: input[..<(count * byteCount)]))
            }
        }
    }

    /// The digest with the 32 bytes in `range`, which is inside `bytes`; `nil` for any other length.
    package init?(_ bytes: Span<UInt8>, _ range: Range<Int>) {
        let part = bytes.extracting(range)
        guard part.count == Digest.byteCount else { return nil }
        // Four loads inside the 32 bytes.
        let raw = unsafe part.bytes
        words = unsafe (
            raw.unsafeLoadUnaligned(fromByteOffset: 0, as: UInt64.self),
            raw.unsafeLoadUnaligned(fromByteOffset: 8, as: UInt64.self),
            raw.unsafeLoadUnaligned(fromByteOffset: 16, as: UInt64.self),
            raw.unsafeLoadUnaligned(fromByteOffset: 24, as: UInt64.self)
        )
    }

    /// The 32 bytes.
    public var bytes: [UInt8] { unsafe withUnsafeBytes { unsafe [UInt8]($0) } }

    /// Calls `body` with the 32 bytes, without a copy.
    public func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        unsafe Swift.withUnsafeBytes(of: words) { unsafe body($0) }
    }

    /// The first 8 bytes as a word in memory order: a digest's bytes are uniform, so tables are keyed by it.
    package var firstWord: UInt64 { words.0 }

    mutating func withUnsafeMutableBytes(_ body: (UnsafeMutableRawBufferPointer) -> Void) {
        unsafe Swift.withUnsafeMutableBytes(of: &words) { unsafe body($0) }
    }

    /// Whether both digests are the same 32 bytes. Digests are public: no constant time is needed.
    public static func == (left: Digest, right: Digest) -> Bool { left.words == right.words }

    /// Feeds the first word: a digest's bytes are uniform already.
    public func hash(into hasher: inout Hasher) { hasher.combine(words.0) }
}

extension Digest: CustomStringConvertible {
    /// 64 lower-case hexadecimal digits.
    public var description: String { Hex.encode(bytes) }
}
