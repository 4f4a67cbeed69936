import Foundation
import NIOSSL
import Testing

/// A private certificate authority, made by openssl for one test and gone with it.
final class TestAuthority: Sendable {
    private let folder: String

    init() async throws {
        folder = "\(FileManager.default.temporaryDirectory.path)/authority-\(UUID())"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try await run(
            ["req", "-x509"] + TestAuthority.newKey + ["-keyout", "ca.key", "-out", "ca.pem"]
                + ["-subj", "/CN=An authority of a test", "-days", "2"]
        )
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    private static let newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]

    /// The authority's certificate.
    var path: String { "\(folder)/ca.pem" }

    /// What a server needs to be `names` (as in subjectAltName) for so many days from now on.
    func server(_ names: String, days: Int = 2) async throws -> NIOSSLContext {
        try Data("subjectAltName=\(names)\n".utf8).write(to: URL(filePath: "\(folder)/names"))
        try await run(
            ["req"] + TestAuthority.newKey + ["-keyout", "key.pem", "-out", "request.pem", "-subj", "/CN=server"]
        )
        try await run(
            ["x509", "-req", "-in", "request.pem", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial"]
                + ["-days", "\(days)", "-extfile", "names", "-out", "certificate.pem"]
        )
        let chain = try NIOSSLCertificate.fromPEMFile("\(folder)/certificate.pem")
        let key = try NIOSSLPrivateKey(file: "\(folder)/key.pem", format: .pem)
        return try NIOSSLContext(
            configuration: .makeServerConfiguration(
                certificateChain: chain.map { .certificate($0) },
                privateKey: .privateKey(key)
            )
        )
    }

    private func run(_ arguments: [String]) async throws {
        try await Tool.run("/usr/bin/openssl", arguments, in: folder)
    }
}

/// A program of the system that a test needs.
enum Tool {
    /// Waits for its end without keeping a thread of the pool from other tests.
    static func run(_ path: String, _ arguments: [String], in folder: String = "/") async throws {
        let process = Process()
        process.executableURL = URL(filePath: path)
        process.arguments = arguments
        process.currentDirectoryURL = URL(filePath: folder)
        process.standardError = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        let status = try await withCheckedThrowingContinuation {
            (continuation: CheckedContinuation<Int32, any Error>) in
            process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
            do { try process.run() } catch { continuation.resume(throwing: error) }
        }
        try #require(status == 0, "\(path) \(arguments.joined(separator: " "))")
    }
}
