import CSodium
import CTraceHash
import TestSupport
import Testing
import TraceProof

/// Both paths of the kernel against libsodium. Serialised: the switch between them is one for the process.
@Suite(.serialized) struct SHA256Tests {
    @Test func hashesTheExampleOfFIPS180() {
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        #expect(SHA256.hash(Array("abc".utf8)).description == expected)
        #expect(TreeHash.empty.description == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    }

    @Test(arguments: [false, true]) func agreesWithLibsodiumAtEveryLength(portable: Bool) {
        trace_hash_force_portable(portable ? 1 : 0)
        defer { trace_hash_force_portable(0) }
        print("SHA-256 by the processor's instructions:", trace_hash_is_accelerated() == 1)
        if portable { #expect(trace_hash_is_accelerated() == 0) }
        var generator = SeededGenerator(seed: 1)
        for length in 0...300 {
            let message = generator.bytes(length)
            #expect(SHA256.hash(message).bytes == sodium(message), "length \(length)")
            #expect(TreeHash.leaf(message).bytes == sodium([0x00] + message), "leaf of length \(length)")
        }
    }

    @Test(arguments: [false, true]) func agreesOnLongMessagesAndUnalignedStarts(portable: Bool) {
        trace_hash_force_portable(portable ? 1 : 0)
        defer { trace_hash_force_portable(0) }
        forAll(100) { generator in
            let message = generator.bytes(Int.random(in: 301...20_000, using: &generator))
            for offset in 0..<18 {
                let part = message[offset...]
                try check(SHA256.hash(part).bytes == sodium(Array(part)), "offset \(offset)")
                try check(TreeHash.leaf(part).bytes == sodium([0x00] + part), "leaf at offset \(offset)")
            }
        }
    }

    @Test(arguments: [false, true]) func hashesInnerNodes(portable: Bool) throws {
        trace_hash_force_portable(portable ? 1 : 0)
        defer { trace_hash_force_portable(0) }
        forAll(500) { generator in
            let (left, right) = (generator.bytes(32), generator.bytes(32))
            guard let leftDigest = Digest(left), let rightDigest = Digest(right) else { throw Falsified("32 bytes") }
            try check(TreeHash.node(leftDigest, rightDigest).bytes == sodium([0x01] + left + right), "node")
        }
        // Out of place, unaligned, and over one of its own children.
        var buffer = (0..<130).map { UInt8($0) }
        let expected = sodium([0x01] + buffer[33..<65] + buffer[66..<98])
        unsafe buffer.withUnsafeMutableBufferPointer { bytes in
            guard let base = bytes.baseAddress else { return }
            unsafe trace_hash_node(base + 33, base + 66, base + 66)
        }
        #expect(Array(buffer[66..<98]) == expected)
    }

    @Test func overloadsAgree() {
        let bytes = (0..<200).map { UInt8($0) }
        #expect(SHA256.hash(bytes) == SHA256.hash(bytes[...]))
        #expect(TreeHash.leaf(bytes) == TreeHash.leaf(bytes[...]))
        let span = unsafe bytes.span.bytes
        #expect(SHA256.hash(bytes) == SHA256.hash(span))
        #expect(TreeHash.leaf(bytes) == TreeHash.leaf(span))
    }

    private func sodium(_ message: [UInt8]) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: 32)
        _ = unsafe crypto_hash_sha256(&digest, message, UInt64(message.count))
        return digest
    }
}
