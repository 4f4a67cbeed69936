import Foundation
import TestSupport
import Testing
import TraceProof
import TraceSigning

@Suite("Key files")
struct KeyFileTests {
    /// Calls `body` with a folder that is deleted afterwards.
    static func withFolder(_ body: (URL) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "traceledger-keys-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(folder)
    }

    private func mode(_ path: String) throws -> Int {
        try #require(FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int)
    }

    @Test("Write a key, read it again")
    func example() throws {
        try Self.withFolder { folder in
            let key = SigningKey.generate()
            let path = folder.appending(path: "signing.key").path
            try KeyFile.write(key, to: path)
            #expect(try mode(path) == 0o600)

            let (read, isExposed) = try KeyFile.read(path)
            #expect(read.publicKey == key.publicKey)
            #expect(!isExposed)
        }
    }

    @Test("The golden files: seed 00, 01, ... 1f; openssl made the public one")
    func goldens() throws {
        let golden = Vectors.packageRoot.appending(path: "Tests/Goldens/keys")
        let key = try SigningKey(seed: Array(0..<32))
        #expect("\(key)" == "signing key be5de2f4bcdc383a")
        #expect(try KeyFile.read(golden.appending(path: "signing.key").path).key.publicKey == key.publicKey)
        #expect(try KeyFile.readPublicKey(golden.appending(path: "signing.pub").path) == key.publicKey)
        #expect(try String(contentsOf: golden.appending(path: "signing.pub"), encoding: .utf8) == key.publicKey.pem)
        try Self.withFolder { folder in
            let copy = folder.appending(path: "copy.key")
            try KeyFile.write(key, to: copy.path)
            #expect(try Data(contentsOf: copy) == Data(contentsOf: golden.appending(path: "signing.key")))
        }
    }

    @Test("Nothing is overwritten, not even through a link")
    func exclusive() throws {
        try Self.withFolder { folder in
            let (path, link) = (folder.appending(path: "a").path, folder.appending(path: "link").path)
            try KeyFile.write(try SigningKey(seed: Array(0..<32)), to: path)
            try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "nowhere")
            for existing in [path, link] {
                let error = #expect(throws: FormatError.self) { try KeyFile.write(.generate(), to: existing) }
                #expect(error?.format == existing)
                #expect(error?.reason.contains("File exists; a key is never overwritten") == true)
            }
            #expect(try KeyFile.read(path).key.publicKey == SigningKey(seed: Array(0..<32)).publicKey)
            #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "nowhere").path))
        }
    }

    @Test(
        "A file that others can read or write is read with a warning",
        arguments: [0o640, 0o604, 0o620, 0o602, 0o666]
    )
    func exposed(permissions: Int) throws {
        try Self.withFolder { folder in
            let path = folder.appending(path: "signing.key").path
            try KeyFile.write(.generate(), to: path)
            try FileManager.default.setAttributes([.posixPermissions: permissions], ofItemAtPath: path)
            #expect(try KeyFile.read(path).isExposed)
        }
    }

    @Test("Errors name the file")
    func errors() throws {
        try Self.withFolder { folder in
            let missing = folder.appending(path: "none/signing.key").path
            #expect(throws: FormatError(missing, at: .whole, "it cannot be opened: No such file or directory")) {
                try KeyFile.read(missing)
            }
            #expect(throws: FormatError(missing, at: .whole, "it cannot be created: No such file or directory")) {
                try KeyFile.write(.generate(), to: missing)
            }
            #expect(throws: FormatError(folder.path, at: .whole, "it cannot be read: Is a directory")) {
                try KeyFile.read(folder.path)
            }
            let text = folder.appending(path: "text")
            try Data("hello\n".utf8).write(to: text)
            #expect(throws: FormatError.self) { try KeyFile.readPublicKey(text.path) }
            try Data(repeating: 0x0A, count: KeyFile.maximumByteCount + 1).write(to: text)
            let error = #expect(throws: FormatError.self) { try KeyFile.read(text.path) }
            #expect("\(error.map(\.description) ?? "")" == "\(text.path): PEM: a key file has at most 65536 bytes")
        }
    }

    @Test("A COSE_Key and its golden files")
    func coseKey() throws {
        let golden = Vectors.packageRoot.appending(path: "Tests/Goldens/keys")
        let key = try SigningKey(seed: Array(0..<32)).publicKey
        for (name, withKeyID) in [("signing.cose", false), ("signing-kid.cose", true)] {
            let bytes = [UInt8](try Data(contentsOf: golden.appending(path: name)))
            #expect(COSEKey.encode(key, withKeyID: withKeyID) == bytes)
            #expect(try COSEKey.decode(bytes) == key)
        }
    }

    @Test("A changed COSE_Key is another key or none, never the same key in another form")
    func changedCOSEKey() {
        forAll { random in
            let withKeyID = Bool.random(using: &random)
            let key = try #require(PublicKey(random.bytes(32)))
            var bytes = COSEKey.encode(key, withKeyID: withKeyID)
            let index = Int.random(in: 0..<bytes.count, using: &random)
            switch Int.random(in: 0..<3, using: &random) {
            case 0: bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            case 1: bytes.remove(at: index)
            default: bytes.insert(UInt8.random(in: .min ... .max, using: &random), at: index)
            }
            guard let read = try? COSEKey.decode(bytes) else { return }
            try check(read != key && !withKeyID && COSEKey.encode(read) == bytes, "\(Hex.encode(bytes)) was accepted")
        }
    }
}
