import ArgumentParser
import Foundation
import GS1
import TraceProof
import TraceSigning
import TraceStatements

/// `stamp create`.
struct StampCreateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Sign the identity of one item, or of every row of a lot's CSV.",
        discussion: """
            The columns of a CSV are gtin, lot, serial, expiry and market, or numbers of AIs; what all rows have in common \
            can be given by the options instead. Rows are signed on all cores and written in their order. A file is read twice: \
            nothing is written where one of its rows is wrong, which is named by line and column.

            A run that was cut off goes on with --resume behind the last whole line, once all lines that are there are shown \
            to be those of the same input.

            Examples:
              traceledger stamp create --gtin 09521101530018 --lot A7 --serial 1001 \\
                --expiry 271231 --signer dairy.pem --host q.dairy.example
              traceledger stamp create lot-A7.csv --signer dairy.pem \\
                --host q.dairy.example -o lot-A7.txt
              traceledger stamp create --gtin 09521101530018 --lot A7 \\
                --random-serials 10000 --signer dairy.pem --host q.dairy.example -o lot-A7.txt
            """
    )

    enum Format: String, CaseIterable, ExpressibleByArgument { case uri, csv }

    @Argument(help: ArgumentHelp("The items of a lot; `-` is standard input.", valueName: "lot.csv"))
    var lot: String?
    @OptionGroup var elements: ElementOptions
    @Option(
        name: .customLong("random-serials"),
        help: ArgumentHelp(
            "Make so many codes with random serial numbers; of a CSV, 1: one for each row.",
            valueName: "n"
        )
    )
    var randomSerials: Int?
    @Option(help: ArgumentHelp("The key that signs.", valueName: "key.pem")) var signer: String
    @Option(help: ArgumentHelp("The host of the codes; it is not signed.", valueName: "host")) var host: String
    @Option(help: "A code a line, or a table of all elements and the code.") var format = Format.uri
    @Flag(help: "Go on behind the last whole line of an output that was cut off.") var resume = false
    @OptionGroup var output: OutputOption
    @Flag(help: "Print one JSON document.") var json = false

    func validate() throws {
        if let randomSerials {
            guard (1...RandomSerials.maximumCount).contains(randomSerials) else {
                throw ValidationError("--random-serials is 1 to \(RandomSerials.maximumCount)")
            }
            guard lot == nil || randomSerials == 1 else {
                throw ValidationError("--random-serials is 1 with a CSV: every row becomes one code")
            }
            if elements.serial != nil { throw ValidationError("--serial and --random-serials: which of them?") }
        }
        if resume {
            guard let path = output.path, path != "-", lot != "-", !json else {
                throw ValidationError(
                    "--resume needs the file that was cut off (-o FILE), an input that can be read again, and no --json"
                )
            }
        }
        if lot == nil, elements.gtin == nil { throw ValidationError("name a lot's CSV, or the product with --gtin") }
        if elements.serial != nil, lot != nil { throw ValidationError("--serial is of one item, and a CSV has many") }
    }

    func run() async throws {
        try output.checkApart(from: [lot, signer].compactMap { $0 })
        let key = try Keys.read(signer, option: "--signer")
        let constants = try elements.elements()
        var source = StampSource(count: randomSerials ?? 1)
        var columns: LotColumns?
        if let lot {
            let pieces = try CSVPieces(lot)
            columns = try LotColumns(pieces, constants: constants)
            source = StampSource(pieces)
        }
        let press = try StampPress(
            key: key,
            host: host,
            constants: constants,
            columns: columns,
            form: json ? .json : format == .csv ? .csv : .uri,
            serials: randomSerials.map { _ in RandomSerials() }
        )
        if let lot, lot != "-" { source.total = try await check(lot, press) }
        var sink = try StampSink(output.path, press, isResumed: resume)
        let bar = ProgressBar("signing")
        let started = ContinuousClock.now
        try await OrderedPieces.run({ try source.next(standing: &sink) }, work: { try press.press($0) }) { pressed in
            try sink.write(pressed)
            bar.update(UInt64(sink.count), of: UInt64(source.total))
        }
        bar.finish()
        try sink.finish()
        if sink.count > 1 { Console.note(sink.summary(ContinuousClock.now - started)) }
    }

    /// Reads the whole lot once and signs nothing; gives the number of its rows.
    private func check(_ lot: String, _ press: StampPress) async throws -> Int {
        var source = StampSource(try CSVPieces(lot))
        var rows = 0
        try await OrderedPieces.run({ try source.next() }, work: { try press.check($0) }) { rows += $0 }
        return rows
    }
}
