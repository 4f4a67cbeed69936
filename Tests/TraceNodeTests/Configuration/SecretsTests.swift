import Foundation
import Testing
import TraceProof
import TraceSigning

@testable import TraceNode

/// Keys and tokens come from where the configuration says, and every use has a key of its own.
@Suite struct SecretsTests {
    private let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "tracenode-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for (name, seed) in [("log", 1), ("enterprise", 2), ("witness", 3), ("mirror", 4)] as [(String, UInt8)] {
            try KeyFile.write(
                SigningKey(seed: [UInt8](repeating: seed, count: 32)),
                to: folder.appending(path: "\(name).pem").path
            )
        }
        try Data("0123456789abcdef\n".utf8).write(to: folder.appending(path: "token"))
    }

    private func secrets(witness: String = "witness", mirror: String = "mirror", token: String = "file: token") throws
        -> NodeSecrets
    {
        let yaml = """
            data: d
            ledgers:
              - path: l
                origin: o.example/l
                key: log.pem
                capture: { issuer: 9521101000009, key: enterprise.pem }
                tokens: [{ name: erp, \(token) }]
            witness: { name: w, key: \(witness).pem, ledgers: [] }
            mirror: { name: m, key: \(mirror).pem }
            """
        let file = folder.appending(path: "node.yaml").path
        return try NodeSecrets(try NodeConfiguration(yaml: yaml, file: file), file: file)
    }

    private func problem(_ body: () throws -> NodeSecrets) -> String {
        do {
            _ = try body()
            return ""
        } catch { return "\(error)" }
    }

    @Test func theyAreRead() throws {
        let secrets = try secrets()
        #expect(secrets.tokens["l"]?.first?.isPresented(by: "Bearer 0123456789abcdef") == true)
        #expect(secrets.tokens["l"]?.first?.isPresented(by: "bearer 0123456789abcdef") == true)
        #expect(secrets.tokens["l"]?.first?.isPresented(by: "Bearer 0123456789abcdeF") == false)
        #expect(secrets.tokens["l"]?.first?.isPresented(by: "0123456789abcdef") == false)
        #expect(secrets.witnessKey != nil && secrets.mirrorKey != nil && secrets.enterpriseKeys["l"] != nil)
    }

    /// A cosignature of type 0x04 does not say whose it is: one key must never serve two names.
    @Test(arguments: [("log", "mirror"), ("witness", "witness"), ("enterprise", "mirror"), ("witness", "log")])
    func everyUseHasItsOwnKey(_ witness: String, _ mirror: String) {
        #expect(problem { try secrets(witness: witness, mirror: mirror) }.contains("it is the same key as"))
    }

    @Test func whatIsMissingIsNamed() {
        #expect(problem { try secrets(witness: "nobody") }.contains("witness: key: \(folder.path)/nobody.pem"))
        #expect(problem { try secrets(token: "file: none") }.contains("token erp"))
        #expect(problem { try secrets(token: "environment: TRACENODE_NO_SUCH") }.contains("TRACENODE_NO_SUCH"))
    }

    @Test func aTokenHasEnoughInIt() throws {
        try Data("short".utf8).write(to: folder.appending(path: "token"))
        #expect(problem { try secrets() }.contains("16 to 512"))
    }
}
