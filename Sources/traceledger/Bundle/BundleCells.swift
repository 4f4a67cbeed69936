import EPCIS
import EPCISJSON
import GS1
import TraceProof
import TraceStatements
import TraceVerification

/// A row of a checked bundle in words: who, what, when, where, under which key, and whether it counts.
struct BundleCells {
    /// The columns in their order; the names are those of CSV and JSON.
    enum Column: Int, CaseIterable {
        case verdict, reason, origin, index, leafHash, issuer, issuerName, kid, issuedAt, seenAt, type, eventTime,
            action
        case bizStep, disposition, readPoint, bizLocation, subject, eventID

        var name: String { "\(self)" }
    }

    private let texts: [String]
    let exitCode: Int
    private let index: UInt64

    init(_ row: BundleRow) {
        let header = row.statement.header
        let event = row.statement.event
        (exitCode, index) = (row.verdict.exitCode, row.index)
        texts = Column.allCases.map { column in
            switch column {
            case .verdict: row.verdict.name
            case .reason: row.reason ?? ""
            case .origin: row.origin
            case .index: "\(row.index)"
            case .leafHash: row.leafHash.description
            case .issuer: header.issuer
            case .issuerName: row.party?.shownName ?? ""
            case .kid: header.keyID.description
            case .issuedAt: Time.text(header.issuedAt)
            case .seenAt: row.seen.map(Time.text) ?? ""
            case .type: BundleCells.type(row.statement, event)
            case .eventTime: event?.eventTime.text ?? ""
            case .action: event?.action.map { BundleCells.name($0) } ?? ""
            case .bizStep: event?.bizStep?.text ?? ""
            case .disposition: event?.disposition?.text ?? ""
            case .readPoint: event?.readPoint?.id.text ?? ""
            case .bizLocation: event?.bizLocation?.id.text ?? ""
            case .subject: header.subject
            case .eventID: event?.eventIDOrHash ?? ""
            }
        }
    }

    subscript(_ column: Column) -> String { texts[column.rawValue] }

    /// The row as an object; what is not there is null.
    var document: JSONValue {
        let members = Column.allCases.map { column -> JSONMember in
            let text = self[column]
            if column == .index { return JSONMember(column.name, .number(index)) }
            return JSONMember(column.name, text.isEmpty ? JSONValue(.null) : .text(text))
        }
        return JSONValue(.object(members))
    }

    /// The row for a terminal.
    var line: String {
        let who = self[.issuerName].isEmpty ? self[.issuer] : "\(self[.issuer]) (\(self[.issuerName]))"
        let what = [self[.type], self[.bizStep], self[.subject]].filter { !$0.isEmpty }.joined(separator: " ")
        let place = [self[.readPoint], self[.bizLocation]].first { !$0.isEmpty }
        let time = self[.eventTime].isEmpty ? self[.issuedAt] : self[.eventTime]
        return ["\(self[.origin]) \(self[.index])", time, who, what, place.map { "at \($0)" }, "kid \(self[.kid])"]
            .compactMap { $0 }.joined(separator: "  ").withoutSteering
    }

    private static func type(_ statement: Statement, _ event: EPCISEvent?) -> String {
        guard let event else { return statement.header.kind.name }
        return switch event.kind {
        case .object: "ObjectEvent"
        case .aggregation: "AggregationEvent"
        case .transaction: "TransactionEvent"
        case .transformation: "TransformationEvent"
        case .association: "AssociationEvent"
        }
    }

    private static func name(_ action: EPCISEvent.Action) -> String {
        switch action {
        case .add: "ADD"
        case .observe: "OBSERVE"
        case .delete: "DELETE"
        }
    }
}

extension String {
    /// The text with escapes for what ends a line, steers a terminal or turns the direction of writing: it may come from
    /// anybody, and must not look like another text.
    var withoutSteering: String {
        var text = ""
        for scalar in unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned:
                text += "\\u{" + String(scalar.value, radix: 16) + "}"
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text
    }
}

extension PartyData {
    /// All names, as people read them.
    var shownName: String { names.map(\.text).joined(separator: " / ") }
}
