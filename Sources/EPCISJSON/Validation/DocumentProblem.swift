public import EPCIS

/// A problem of a document, with its place for an editor and for a program.
public struct DocumentProblem: Hashable, Sendable {
    /// The code of an event that is not read at all; it is always an error.
    public static let unreadable = "structure.unreadable"

    /// What the document is called.
    public var document: String
    /// The number of the event in its document, from 1; `nil` for what is around the events.
    public var event: Int?
    /// Line and column.
    public var position: JSONPosition
    /// The JSON pointer (RFC 6901) in the document.
    public var pointer: String
    /// The code of the rule, e.g. `structure.action-missing`.
    public var code: String
    /// Whether it refuses the document.
    public var severity: ValidationRule.Severity
    /// One sentence on what is wrong, without a full stop.
    public var sentence: String
    /// One sentence on what to do, without a full stop; empty where the sentence says it.
    public var remedy: String
}

extension DocumentProblem: CustomStringConvertible {
    /// `FILE, event N, line L, column C (POINTER): error CODE: what is wrong; what to do`.
    public var description: String {
        let place = event.map { ", event \($0)" } ?? ""
        let bracketed = pointer.isEmpty ? "" : " (\(pointer))"
        let advice = remedy.isEmpty ? "" : "; \(remedy)"
        return "\(document)\(place), \(position)\(bracketed): \(severity.name) \(code): \(sentence)\(advice)"
    }
}

extension DocumentProblem {
    /// What the reader refuses, as a problem: its reason ends with the remedy, behind the last colon.
    init(_ error: JSONError, in document: String, isList: Bool) {
        var sentence = error.reason[...]
        var remedy = ""[...]
        let bytes = error.reason.utf8
        var index = bytes.startIndex
        while index < bytes.endIndex {
            let next = bytes.index(after: index)
            if bytes[index] == UInt8(ascii: ":"), next < bytes.endIndex, bytes[next] == UInt8(ascii: " ") {
                sentence = error.reason[..<index]
                remedy = error.reason[bytes.index(after: next)...]
            }
            index = next
        }
        self.init(
            document: document,
            event: DocumentProblem.event(of: error.pointer ?? "", isList: isList),
            position: error.position,
            pointer: error.pointer ?? "",
            code: DocumentProblem.unreadable,
            severity: .error,
            sentence: String(sentence),
            remedy: String(remedy)
        )
    }

    /// The number of the event that a pointer leads into.
    static func event(of pointer: String, isList: Bool) -> Int? {
        let parts = pointer.utf8.split(separator: UInt8(ascii: "/"))
        var place = 0
        if !isList {
            guard let list = parts.firstIndex(where: { $0.elementsEqual("eventList".utf8) }) else { return nil }
            place = list + 1
        }
        guard parts.indices.contains(place) else { return nil }
        return Int(String(Substring(parts[place]))).map { $0 + 1 }
    }
}
