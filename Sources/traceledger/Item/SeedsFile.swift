import EPCISJSON
import Foundation
import GS1
import TraceProof
import TraceStatements

/// The seeds of a lot: a CSV with the columns of the lot, the serial number, and the hidden code, which is the last.
///
/// Whoever reads it can open every pack of the lot before its buyer: it is written once, only its owner may read it, and it is
/// destroyed when the codes are printed.
struct SeedsFile {
    /// The name of the last column.
    static let codeColumn = "code"
    /// The most bytes of a file: 2^24 rows of 256.
    static let maximumByteCount = 1 << 32

    /// One item.
    struct Item: Sendable {
        let serial: String
        let seed: [UInt8]
    }

    let name: String
    /// What all items have in common; the GTIN is among it.
    let common: [Element]
    let items: [Item]

    init(name: String, common: [Element], items: [Item]) {
        (self.name, self.common, self.items) = (name, common, items)
    }

    /// Reads a file that nobody else can read.
    ///
    /// - Throws: `CommandFailure` (2) for a file that others may read or write, with the remedy; (1) for a wrong row, and for rows
    ///   of more than one product or lot.
    init(_ path: String) throws {
        name = path
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { throw CommandFailure(.usage, "\(path): there is no such file") }
        guard status.st_mode & 0o077 == 0 else {
            throw CommandFailure(
                .usage,
                "\(path): others can read or write it, and whoever reads a seed can open its pack: run `chmod 600 \(path)`, and "
                    + "make new seeds unless nobody had the time to read these"
            )
        }
        var pieces = try CSVPieces(path)
        guard pieces.columns.last == SeedsFile.codeColumn else {
            throw CommandFailure(.usage, "\(path), line 1: this is no file of `item seeds`: its last column is not `code`")
        }
        let columns = try LotColumns(Array(pieces.columns.dropLast()), in: path, constants: [])
        var (common, items): ([Element]?, [Item]) = (nil, [])
        var rows = LotColumns.Rows(columns)
        while let piece = try pieces.next() {
            try piece.forEachRow(columns: pieces.columns, in: path) { record in
                guard record.cells.count == columns.ais.count + 1, let text = record.cells.last else {
                    throw rows.failure(record, nil, "\(record.cells.count) cells, and the header has \(columns.ais.count + 1)")
                }
                let row = try rows.read(record, among: columns.ais.count)
                guard row.elements == common ?? row.elements else {
                    throw rows.failure(record, nil, "another product, lot or date than before: a batch is of one")
                }
                common = row.elements
                guard let serial = row.serial else { throw rows.failure(record, nil, "there is no serial number") }
                do { items.append(Item(serial: serial, seed: try HiddenCode(parsing: text).seed)) } catch {
                    // The code itself is not repeated: messages end up in logs.
                    throw rows.failure(record, columns.ais.count, "\(CommandFailure(error).message)")
                }
            }
        }
        guard let common, !items.isEmpty else { throw CommandFailure(.usage, "\(path): there are no items in it") }
        (self.common, self.items) = (common, items)
    }

    /// The value that all items have of one AI.
    func value(ofAI ai: Int) -> String? { common.first { $0.ai == ai }?.value }

    /// Whether a file begins as one of these does.
    static func isOne(_ head: [UInt8]) -> Bool {
        guard let line = head.split(separator: 0x0A, omittingEmptySubsequences: false).first else { return false }
        let cells = line.filter { $0 != 0x0D }.split(separator: 0x2C).map { String(decoding: $0, as: UTF8.self) }
        return cells.last == codeColumn && cells.dropLast().contains { LotColumns.ai($0) == 21 }
    }
}

/// A new file that only its owner can read, written in order and durable at the end.
struct SecretFile {
    let path: String
    private let handle: FileHandle

    /// Makes it.
    ///
    /// - Throws: `CommandFailure` (2) where something of that name is there.
    init(_ path: String, remedy: String) throws {
        self.path = path
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            let reason = unsafe String(cString: strerror(errno))
            throw errno == EEXIST
                ? CommandFailure(.usage, "\(path): it is there already and is never overwritten: \(remedy)")
                : CommandFailure(.unavailable, "\(path): it cannot be created: \(reason)")
        }
        handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    }

    func write(_ bytes: [UInt8]) throws {
        do { try handle.write(contentsOf: Data(bytes)) } catch {
            throw CommandFailure(.unavailable, "\(path): it cannot be written: \(error.localizedDescription)")
        }
    }

    /// Returns when file and name would survive a power cut.
    func finish() throws {
        do {
            try handle.synchronize()
            try handle.close()
            try SecretFile.syncDirectory(of: path)
        } catch { throw CommandFailure(.unavailable, "\(path): it cannot be brought to the disk") }
    }

    /// Removes what was begun.
    func abandon() { try? FileManager.default.removeItem(atPath: path) }

    /// Brings names in the directory of a file to the disk.
    static func syncDirectory(of path: String) throws {
        let directory = URL(fileURLWithPath: path).deletingLastPathComponent().path
        let descriptor = unsafe open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw CommandFailure(.unavailable, "\(directory): it cannot be opened") }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw CommandFailure(.unavailable, "\(directory): it cannot be brought to the disk") }
    }
}
