public import TraceProof

/// Reads a body of `add-entries` as it arrives, in pieces of any length: first the header, then package after package.
///
/// ```swift
/// var reader = AddEntriesReader()
/// reader.append(chunk)
/// guard let header = try reader.readHeader() else { … }        // more of the body is needed
/// while let package = try reader.readPackage() { … }
/// ```
/// It holds what was appended and not read yet: at most one package where every whole one is read before more is appended.
public struct AddEntriesReader: Sendable {
    /// The header, once it was read.
    public private(set) var header: AddEntriesHeader?
    /// The number of packages that were read.
    public private(set) var packages: UInt64 = 0

    private var buffer: [UInt8] = []
    /// Where what was not read yet begins.
    private var position = 0
    /// How far the entries of the package in hand were looked at, from ``position`` on, and how many are left.
    private var scanned = 0
    private var left = 0

    /// A reader at the beginning of a body.
    public init() {}

    /// Takes in what arrived.
    public mutating func append(_ bytes: some Collection<UInt8>) {
        if position > 0 {
            buffer.removeSubrange(..<position)
            position = 0
        }
        buffer.append(contentsOf: bytes)
    }

    /// Whether every package of the sequence was read. What follows belongs to nothing.
    public var isFinished: Bool { header.map { packages == $0.packageCount } ?? false }

    /// Whether part of a header or a package is waiting for the rest.
    public var isCut: Bool { !isFinished && position < buffer.count }

    /// The header; `nil` where more of the body is needed.
    ///
    /// - Throws: ``FormatError`` for what can be no header.
    public mutating func readHeader() throws(FormatError) -> AddEntriesHeader? {
        if let header { return header }
        var place = 0
        guard let origin = block(&place), let start = number(&place), let end = number(&place),
            let ticket = block(&place)
        else { return nil }
        guard let name = String(validating: origin, as: UTF8.self) else {
            throw AddEntriesHeader.refusal("the origin is not UTF-8")
        }
        let found = try AddEntriesHeader(origin: name, start: start, end: end, ticket: Array(ticket))
        (header, position) = (found, place)
        begin()
        return found
    }

    /// The next package; `nil` where more of the body is needed, or none is left.
    ///
    /// - Throws: ``FormatError`` for what can be no package.
    public mutating func readPackage() throws(FormatError) -> EntryPackage? {
        guard let header, !isFinished, scanEntries() else { return nil }
        let count = position + scanned
        guard count < buffer.count else { return nil }
        let hashes = Int(buffer[count])
        guard hashes <= EntryPackage.maximumHashCount else {
            throw FormatError(
                "entry package",
                at: .whole,
                "\(hashes) hashes, and \(EntryPackage.maximumHashCount) are the most"
            )
        }
        let end = count + 1 + hashes * Digest.byteCount
        guard end <= buffer.count else { return nil }
        let range = header.package(packages)
        let entries = try EntryBundle(
            decoding: Array(buffer[position..<count]),
            width: Int(range.end - range.start)
        )
        let path = stride(from: count + 1, to: end, by: Digest.byteCount)
            .compactMap { Digest(buffer[$0..<$0 + Digest.byteCount]) }
        (position, packages) = (end, packages + 1)
        begin()
        return EntryPackage(first: range.first, start: range.start, entries: entries, path: path)
    }

    private mutating func begin() {
        scanned = 0
        guard let header, !isFinished else { return }
        let range = header.package(packages)
        left = Int(range.end - range.start)
    }

    /// Goes on past the entries of the package in hand; whether all of them are here.
    private mutating func scanEntries() -> Bool {
        while left > 0 {
            let place = position + scanned
            guard buffer.count - place >= 2 else { return false }
            let length = 2 + Int(buffer[place]) << 8 + Int(buffer[place + 1])
            guard buffer.count - place >= length else { return false }
            scanned += length
            left -= 1
        }
        return true
    }

    private func block(_ place: inout Int) -> ArraySlice<UInt8>? {
        guard buffer.count - place >= 2 else { return nil }
        let length = Int(UInt16(bigEndianBytes: buffer[place..<place + 2]))
        guard buffer.count - place - 2 >= length else { return nil }
        defer { place += 2 + length }
        return buffer[place + 2..<place + 2 + length]
    }

    private func number(_ place: inout Int) -> UInt64? {
        guard buffer.count - place >= 8 else { return nil }
        defer { place += 8 }
        return UInt64(bigEndianBytes: buffer[place..<place + 8])
    }
}
