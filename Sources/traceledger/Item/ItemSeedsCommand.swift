import ArgumentParser
import EPCISJSON
import Foundation
import GS1
import TraceProof
import TraceSigning
import TraceStatements

/// `item seeds`.
struct ItemSeedsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "seeds",
        abstract: "Make the serial numbers and hidden codes of a lot.",
        discussion: """
            Writes a CSV with the columns of the lot, the serial number, and the hidden code that is printed under each seal. The \
            file is written once, with mode 0600, and is meant to be destroyed when it is printed and committed: whoever reads \
            it can open every pack of the lot first. A lot without a column of serial numbers gets random ones.

            Examples:
              traceledger item seeds --gtin 09521101530018 --lot A7 --expiry 271231 \\
                --count 10000 -o seeds.csv
              traceledger item seeds lot-A7.csv -o seeds.csv
            """
    )

    @Argument(help: ArgumentHelp("The items of a lot; `-` is standard input.", valueName: "lot.csv")) var lot: String?
    @OptionGroup var elements: ElementOptions
    @Option(help: ArgumentHelp("How many items, without a CSV.", valueName: "n")) var count: Int?
    @Option(name: [.customShort("o"), .customLong("output")], help: ArgumentHelp("The new file of the seeds.", valueName: "seeds.csv"))
    var output: String
    @Flag(help: "Print one JSON document, without any code.") var json = false

    func validate() throws {
        guard (lot == nil) != (count == nil) else { throw ValidationError("name a lot's CSV, or say how many with --count") }
        if let count, !(1...RandomSerials.maximumCount).contains(count) {
            throw ValidationError("--count is 1 to \(RandomSerials.maximumCount)")
        }
        if lot == nil, elements.gtin == nil { throw ValidationError("--count needs the product: --gtin") }
        if elements.serial != nil { throw ValidationError("--serial is of one item, and a lot has many") }
        if output == "-" { throw ValidationError("seeds go into a file that only you can read: -o FILE") }
    }

    func run() async throws {
        let constants = try elements.elements()
        var pieces = try lot.map { try CSVPieces($0) }
        let columns = try pieces.map { try LotColumns($0, constants: constants) }
        let ais = constants.map(\.ai) + (columns?.ais ?? [])
        guard ais.contains(1) else { throw CommandFailure(.usage, "\(lot ?? ""): no column says the product: add gtin, or give --gtin") }
        let file = try SecretFile(output, remedy: "seeds that were printed are gone with it; name another file")
        do {
            var maker = SeedMaker(ais: ais, hasSerials: columns?.ais.contains(21) == true)
            try file.write(maker.header)
            for _ in 0..<(count ?? 0) { try maker.add(constants, serial: nil) }
            if let columns {
                var rows = LotColumns.Rows(columns)
                while let piece = try pieces?.next() {
                    try piece.forEachRow(columns: columns.names, in: columns.file) { record in
                        let row = try rows.read(record)
                        do { try maker.add(row.elements, serial: row.serial) } catch let failure as CommandFailure {
                            throw rows.failure(record, nil, failure.message)
                        }
                    }
                    try file.write(maker.take())
                }
            }
            try file.write(maker.take())
            guard maker.count > 0 else { throw CommandFailure(.usage, "\(lot ?? ""): there are no items in it") }
            try file.finish()
            try say(maker.count)
        } catch {
            file.abandon()
            throw error
        }
    }

    private func say(_ count: Int) throws {
        if json {
            try Console.json(.object(["file": .text(output), "items": .number(UInt64(count))]))
        } else {
            try Console.line("\(output)  \(count) items")
        }
        Console.note(
            "next: print the codes, `traceledger item commit`, and then destroy the file with `traceledger item shred \(output)`: "
                + "whoever reads it can open every pack first; keep it out of backups"
        )
    }
}

/// The rows of a file of seeds.
private struct SeedMaker {
    private let ais: [Int]
    private let serials: RandomSerials?
    private var common: [Element]?
    private var seen: Set<[UInt8]> = []
    private var bytes: [UInt8] = []
    private(set) var count = 0

    init(ais: [Int], hasSerials: Bool) {
        self.ais = ais.filter { $0 != 21 }
        serials = hasSerials ? nil : RandomSerials()
    }

    var header: [UInt8] {
        let names = (ais + [21]).map { LotColumns.name(ofAI: $0) } + [SeedsFile.codeColumn]
        return Array((names.joined(separator: ",") + "\n").utf8)
    }

    /// Adds an item with a new seed.
    mutating func add(_ elements: [Element], serial given: String?) throws {
        guard elements == common ?? elements else {
            throw CommandFailure(.wrong, "another product, lot or date than before: a batch is of one, make a file for each")
        }
        guard let serial = serials?.next() ?? given else { throw CommandFailure(.wrong, "there is no serial number") }
        if common == nil {
            do { _ = try Stamp.order(elements + [Element(ai: 21, value: serial)]) } catch {
                throw CommandFailure(.wrong, error.reason)
            }
            common = elements
        }
        if serials == nil, !seen.insert(Array(serial.utf8)).inserted {
            throw CommandFailure(.wrong, "the serial number \(serial) stands there twice")
        }
        guard count < RandomSerials.maximumCount else {
            throw CommandFailure(.wrong, "more than \(RandomSerials.maximumCount) items, and a batch has at most so many")
        }
        guard var code = HiddenCode(seed: RandomBytes.make(HiddenCode.seedLength))?.text else { return }
        let cells = ais.map { ai in elements.first { $0.ai == ai }?.value ?? "" } + [serial]
        bytes += cells.map { EntryTable.quoted($0) }.joined(separator: ",").utf8
        bytes += ",\(code)\n".utf8
        code = ""
        count += 1
    }

    /// The rows since the last time.
    mutating func take() -> [UInt8] {
        defer { bytes = [] }
        return bytes
    }
}
