import CTraceHash
import TestSupport
import Testing
import TraceProof

/// Every path of the kernel against libsodium. Serialised: the switch between them is one for the process.
@Suite(.serialized) struct HashKernelTests {
    @Test func hashesTheExampleOfFIPS180() {
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        #expect(SHA256.hash(Array("abc".utf8)).description == expected)
        #expect(TreeHash.empty.description == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    }

    @Test func takesTheBestPathAndRefusesUnknownOnes() {
        print("SHA-256 paths of this machine:", HashPath.available)
        #expect(HashPath.available.first == .portable)
        #expect(trace_hash_current().rawValue == HashPath.available.last?.rawValue)
        for unknown: Int32 in [-1, 4, 99] { #expect(trace_hash_force(unknown) == 0) }
        #expect(trace_hash_current().rawValue == HashPath.available.last?.rawValue)
    }

    @Test(arguments: HashPath.available) func agreesWithLibsodiumAtEveryLength(path: HashPath) {
        path.run {
            var generator = SeededGenerator(seed: 1)
            for length in 0...300 {
                let message = generator.bytes(length)
                #expect(SHA256.hash(message).bytes == sodiumSHA256(message), "length \(length)")
                #expect(TreeHash.leaf(message).bytes == sodiumSHA256([0x00] + message), "leaf of length \(length)")
            }
        }
    }

    @Test(arguments: HashPath.available) func agreesOnLongMessagesAndUnalignedStarts(path: HashPath) {
        path.run {
            forAll(50) { generator in
                let message = generator.bytes(Int.random(in: 301...20_000, using: &generator))
                for offset in 0..<18 {
                    let part = message[offset...]
                    try check(SHA256.hash(part).bytes == sodiumSHA256(Array(part)), "offset \(offset)")
                    try check(TreeHash.leaf(part).bytes == sodiumSHA256([0x00] + part), "leaf at offset \(offset)")
                }
            }
        }
    }

    @Test(arguments: HashPath.available) func hashesInnerNodes(path: HashPath) throws {
        path.run {
            forAll(500) { generator in
                let (left, right) = (generator.bytes(32), generator.bytes(32))
                guard let leftDigest = Digest(left), let rightDigest = Digest(right) else {
                    throw Falsified("32 bytes")
                }
                let expected = sodiumSHA256([0x01] + left + right)
                try check(TreeHash.node(leftDigest, rightDigest).bytes == expected, "node")
            }
            // Out of place, unaligned, and over one of its own children.
            var buffer = (0..<130).map { UInt8($0) }
            let expected = sodiumSHA256([0x01] + buffer[33..<65] + buffer[66..<98])
            unsafe buffer.withUnsafeMutableBufferPointer { bytes in
                guard let base = bytes.baseAddress else { return }
                unsafe trace_hash_node(base + 33, base + 66, base + 66)
            }
            #expect(Array(buffer[66..<98]) == expected)
        }
    }

    @Test func overloadsAgree() {
        let bytes = (0..<200).map { UInt8($0) }
        #expect(SHA256.hash(bytes) == SHA256.hash(bytes[...]))
        #expect(TreeHash.leaf(bytes) == TreeHash.leaf(bytes[...]))
        let span = unsafe bytes.span.bytes
        #expect(SHA256.hash(bytes) == SHA256.hash(span))
        #expect(TreeHash.leaf(bytes) == TreeHash.leaf(span))
    }
}
