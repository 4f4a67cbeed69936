import Foundation
import TestSupport
import Testing
import TraceProof
import TraceSigning

/// Key files and signatures both ways between us and the `openssl` program.
@Suite("openssl", .enabled(if: OpenSSL.path != nil, "skipped: no openssl on PATH"))
struct OpenSSLTests {
    @Test("openssl reads and uses the keys that we write")
    func ours() throws {
        try KeyFileTests.withFolder { folder in
            let key = SigningKey.generate()
            let message = folder.appending(path: "message")
            try Data("one event".utf8).write(to: message)
            try KeyFile.write(key, to: folder.appending(path: "ours.key").path)
            try Data(key.publicKey.pem.utf8).write(to: folder.appending(path: "ours.pub"))
            try Data(key.signature(for: Array("one event".utf8)).bytes).write(to: folder.appending(path: "signature"))

            try OpenSSL.run(["pkey", "-in", "ours.key", "-pubout", "-out", "derived.pub"], in: folder)
            #expect(try String(contentsOf: folder.appending(path: "derived.pub"), encoding: .utf8) == key.publicKey.pem)
            try OpenSSL.run(
                [
                    "pkeyutl", "-verify", "-pubin", "-inkey", "ours.pub", "-rawin", "-in", "message", "-sigfile",
                    "signature",
                ],
                in: folder
            )
            // And it would write our file byte for byte the same.
            try OpenSSL.run(["pkey", "-in", "ours.key", "-out", "rewritten.key"], in: folder)
            #expect(
                FileManager.default.contentsEqual(
                    atPath: folder.appending(path: "ours.key").path,
                    andPath: folder.appending(path: "rewritten.key").path
                )
            )
        }
    }

    @Test("We read and use the keys that openssl writes")
    func theirs() throws {
        try KeyFileTests.withFolder { folder in
            try OpenSSL.run(["genpkey", "-algorithm", "ed25519", "-out", "theirs.key"], in: folder)
            try OpenSSL.run(["pkey", "-in", "theirs.key", "-pubout", "-out", "theirs.pub"], in: folder)
            try OpenSSL.run(["pkey", "-in", "theirs.key", "-text", "-out", "text.key"], in: folder)
            let key = try KeyFile.read(folder.appending(path: "theirs.key").path).key
            #expect(try KeyFile.readPublicKey(folder.appending(path: "theirs.pub").path) == key.publicKey)

            try Data("one event".utf8).write(to: folder.appending(path: "message"))
            try OpenSSL.run(
                ["pkeyutl", "-sign", "-inkey", "theirs.key", "-rawin", "-in", "message", "-out", "signature"],
                in: folder
            )
            let signature = try Data(contentsOf: folder.appending(path: "signature"))
            #expect([UInt8](signature) == key.signature(for: Array("one event".utf8)).bytes)
        }
    }

    @Test(
        "Other keys are refused by name",
        arguments: [
            (["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"], "this is a key for RSA"),
            (["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"], "this is a key for elliptic curves (EC)"),
            (["-algorithm", "X25519"], "this is a key for X25519"),
            (["-algorithm", "Ed448"], "this is a key for Ed448"),
            (["-algorithm", "ed25519", "-aes-128-cbc", "-pass", "pass:x"], "decrypt it with `openssl pkey -in"),
        ]
    )
    func others(options: [String], reason: String) throws {
        try KeyFileTests.withFolder { folder in
            try OpenSSL.run(["genpkey", "-out", "other.key"] + options, in: folder)
            let error = #expect(throws: FormatError.self) { try KeyFile.read(folder.appending(path: "other.key").path) }
            #expect(error?.reason.contains(reason) == true, "\(String(describing: error))")
        }
    }
}

private enum OpenSSL {
    /// Where `openssl` is, if it is on PATH.
    static let path = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map { "\($0)/openssl" }
        .first { FileManager.default.isExecutableFile(atPath: $0) }

    struct Failed: Error { let arguments: [String], status: Int32 }

    static func run(_ arguments: [String], in folder: URL) throws {
        let process = Process()
        process.executableURL = URL(filePath: path ?? "openssl")
        process.arguments = arguments
        process.currentDirectoryURL = folder
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failed(arguments: arguments, status: process.terminationStatus)
        }
    }
}
