import Foundation
import TraceLedger
import TraceProof
import TraceSigning
import TraceStatements

/// Ledgers and entries for the measurements, in one temporary directory on the disk of the checkout.
struct Bench {
    let folder: URL
    let ledgerKey = SigningKey.generate()
    let key = SigningKey.generate()
    let checker = SodiumSignatureChecker()

    init(_ folder: URL) throws {
        self.folder = folder
        try? FileManager.default.removeItem(at: folder)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    func remove() { try? FileManager.default.removeItem(at: folder) }

    /// A new ledger; one that admits any entry, unless statements are to be checked.
    func ledger(any: Bool = true, delay: Duration? = .seconds(1)) async throws -> Ledger {
        try await Ledger.create(
            folder.appending(path: UUID().uuidString).path(),
            origin: "ledger.example",
            signer: ledgerKey,
            admitsAnyEntry: any,
            created: 0,
            nonce: RandomBytes.make(Genesis.nonceLength),
            checker: checker,
            configuration: .init(publicationDelay: delay)
        )
    }

    func open(_ directory: String) async throws -> Ledger {
        try await Ledger.open(directory, signer: ledgerKey, checker: checker)
    }

    /// So many different entries of 250 bytes.
    static func entries(_ count: Int, from start: Int = 0) -> [[UInt8]] {
        (start..<start + count).map { number in
            var entry = [UInt8](repeating: 0x5A, count: 250)
            withUnsafeBytes(of: UInt64(number).bigEndian) { entry.replaceSubrange(0..<8, with: $0) }
            return entry
        }
    }

    /// Statements of about 250 bytes, chained behind each other.
    func statements(_ count: Int, for ledger: Ledger) async throws -> [Statement] {
        var link = await ledger.nextLink(for: key.publicKey)
        var statements: [Statement] = []
        for _ in 0..<count {
            let statement = try await Statement.sign(
                kind: .event,
                payload: Array("\(link?.sequence ?? 0)".utf8) + [UInt8](repeating: 0x5A, count: 56),
                issuer: "9521101000009",
                subject: "(01)09521101001013(10)QS260803A",
                issuedAt: 1_790_000_000,
                chain: link,
                with: key
            )
            link = ChainLink(sequence: (link?.sequence ?? 0) + 1, previous: statement.leafHash)
            statements.append(statement)
        }
        return statements
    }

    /// The bytes of all files below a directory.
    static func byteCount(_ path: String) -> Int {
        let files = FileManager.default.enumerator(at: URL(filePath: path), includingPropertiesForKeys: [.fileSizeKey])
        let sizes = files?.compactMap { file in
            (file as? URL).flatMap { try? $0.resourceValues(forKeys: [.fileSizeKey]).fileSize }
        }
        return (sizes ?? []).reduce(0, +)
    }
}

/// Seconds that `body` takes.
func seconds(_ body: () async throws -> Void) async rethrows -> Double {
    let start = ContinuousClock.now
    try await body()
    return (ContinuousClock.now - start) / .seconds(1)
}

extension [Double] {
    /// The value below which this part of them lies.
    func quantile(_ part: Double) -> Double {
        let sorted = sorted()
        return sorted[Swift.min(sorted.count - 1, Int(part * Double(sorted.count)))]
    }

    var median: Double { quantile(0.5) }
}

func format(_ value: Double) -> String {
    switch value {
    case 1000...: "\(Int(value / 1000)) k"
    case 100...: "\(Int(value))"
    default: String(format: "%.2f", value)
    }
}

func time(_ seconds: Double) -> String {
    seconds < 1e-3 ? String(format: "%.0f µs", seconds * 1e6) : String(format: "%.2f ms", seconds * 1e3)
}
