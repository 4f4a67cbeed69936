#if canImport(Darwin)
internal import Darwin
#else
internal import Glibc
#endif

/// The bytes of a file that never changes, in the address space: what is not asked for is not read.
///
/// `@unchecked Sendable`: the memory is read-only and lives as long as the object, so threads share it as they share a `let`.
@safe final class MappedFile: @unchecked Sendable {
    private let bytes: UnsafeRawBufferPointer

    /// Takes over memory that `mmap` gave.
    init(mapped bytes: UnsafeRawBufferPointer) { unsafe self.bytes = bytes }

    deinit { unsafe munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count) }

    /// The number of bytes.
    var count: Int { unsafe bytes.count }

    /// The word at a byte offset, least significant byte first.
    func word(at offset: Int) -> UInt64 {
        UInt64(littleEndian: unsafe bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    /// A copy of a part.
    func copy(_ range: Range<Int>) -> [UInt8] { unsafe Array(bytes[range]) }
}
