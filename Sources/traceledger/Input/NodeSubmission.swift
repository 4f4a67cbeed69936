import EPCISJSON
import Foundation
import TraceLedger
import TraceProof
import TraceStatements

/// Submits statements to a ledger of a node: `POST <ledger>/add` with a CBOR sequence, so many at a time.
struct NodeSubmission {
    private let source: HTTPSource
    private let token: String?

    /// What one request brings at most.
    private static let (count, byteCount) = (4096, 8 << 20)

    /// The ledger at `url`; `path` is the file of a token.
    init(_ url: String, token path: String?) throws {
        source = try HTTPSource(url)
        token = try path.map {
            let text = String(decoding: try InputFile($0, limit: 4096).bytes, as: UTF8.self)
            return text.trimmingCharacters(in: .whitespacesAndNewlines)
        }
    }

    /// Submits a file; what was taken before a refusal stands.
    func submit(_ file: StatementFile) async throws -> [(appended: Ledger.Appended, eventID: String?)] {
        var entries: [(appended: Ledger.Appended, eventID: String?)] = []
        while entries.count < file.statements.count {
            let first = entries.count
            var (end, body): (Int, [UInt8]) = (first, [])
            while end < file.statements.count, end - first < NodeSubmission.count,
                body.isEmpty || body.count + file.statements[end].encoded.count <= NodeSubmission.byteCount
            {
                body += file.statements[end].encoded
                end += 1
            }
            let statements = file.statements[first..<end]
            let answer = try await source.post(body, "application/cbor-seq", to: "add", token: token, limit: 1 << 20)
            guard answer.status == 200 else { throw refusal(answer, file, first) }
            let lines = String(decoding: answer.body, as: UTF8.self).split(separator: "\n")
            let appended = lines.compactMap(NodeSubmission.entry)
            guard appended.count == statements.count, lines.count == appended.count else {
                throw CommandFailure(.unavailable, "\(source.name)/add: the answer is not that of a tracenode")
            }
            entries += zip(statements, appended).map { ($1, $0.eventID) }
        }
        return entries
    }

    /// A line of the answer: index, leaf hash and `duplicate` or `new`, with tabs between them.
    private static func entry(_ line: Substring) -> Ledger.Appended? {
        let cells = line.split(separator: "\t", omittingEmptySubsequences: false)
        guard cells.count == 3, let index = UInt64(cells[0]),
            let leaf = Hex.decode(String(cells[1])).flatMap({ Digest($0) })
        else { return nil }
        return Ledger.Appended(index: index, leafHash: leaf, isDuplicate: cells[2] == "duplicate")
    }

    private func refusal(_ answer: (status: Int, body: [UInt8]), _ file: StatementFile, _ first: Int) -> CommandFailure
    {
        let problem = try? JSONValue(parsing: answer.body)
        let words = ["title", "detail"].compactMap { key -> String? in
            if case .string(let text)? = problem?[key]?.content { return text }
            return nil
        }
        let reason = words.isEmpty ? "the server answered \(answer.status)" : words.joined(separator: ": ")
        let stands = first > 0 ? "; the first \(first) statements stand" : ""
        // What the client can mend is wrong; what the node cannot do now may be tried again.
        let status: ExitStatus = (400..<500).contains(answer.status) && answer.status != 429 ? .wrong : .unavailable
        return CommandFailure(status, "\(source.name)/add: \(file.name): \(reason.onOneLine)\(stands)")
    }
}
