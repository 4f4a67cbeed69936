import EPCIS
import TraceProof
import TraceStatements

/// A CBOR sequence of statements.
struct StatementFile {
    let name: String
    let statements: [Statement]
    /// Where each begins.
    let offsets: [Int]

    init(_ path: String) throws {
        let file = try InputFile(path)
        name = file.name
        var sequence = CBORSequence(file.bytes, format: "statements")
        var statements: [Statement] = []
        var offsets: [Int] = []
        do {
            while let item = try sequence.next() {
                do { statements.append(try Statement(decoding: item.bytes)) } catch {
                    throw error.moved(by: item.offset)
                }
                offsets.append(item.offset)
            }
        } catch { throw CommandFailure(error, in: "\(file.name), statement \(statements.count + 1)") }
        guard !statements.isEmpty else { throw CommandFailure(.usage, "\(file.name): there is no statement in it") }
        (self.statements, self.offsets) = (statements, offsets)
    }
}

extension Statement {
    /// The event in it, where it is one that this program can read.
    var event: EPCISEvent? { header.kind == .event ? try? EPCISEvent(payload: payload) : nil }

    /// The event's own ID, else its CBV hash.
    var eventID: String? { event?.eventIDOrHash }
}
