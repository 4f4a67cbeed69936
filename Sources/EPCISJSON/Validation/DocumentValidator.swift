public import EPCIS

/// Holds EPCIS JSON documents against every rule, one after the other, and says where each problem stands.
///
///     var validator = DocumentValidator(EventValidator(now: now))
///     for problem in try validator.validate(json: bytes, named: "harvest.json").problems { print(problem) }
public struct DocumentValidator: Sendable {
    /// Holds the events against the rules; knows those of the documents before.
    public var events: EventValidator

    /// A validator that knows and demands what `events` does.
    public init(_ events: EventValidator) { self.events = events }

    /// How many events a document has, and its problems in the order of the document.
    ///
    /// - Throws: `JSONError` where the text is not JSON. What is JSON and not EPCIS is a problem.
    public mutating func validate(
        json bytes: [UInt8],
        named name: String
    ) throws(JSONError) -> (eventCount: Int, problems: [DocumentProblem]) {
        let document: EPCISDocument
        let refused: [JSONError]
        do {
            (document, refused) = try EPCISDocument.reading(json: bytes)
        } catch {
            guard error.pointer != nil else { throw error }
            return (0, [DocumentProblem(error, in: name, isList: false)])
        }
        var problems = refused.map { error in
            var problem = DocumentProblem(error, in: name, isList: document.kind == .list)
            if document.kind == .event { problem.event = 1 }
            return problem
        }
        problems += validate(document, json: bytes, named: name)
        problems.sort { ($0.position.line, $0.position.column) < ($1.position.line, $1.position.column) }
        return (document.events.count + refused.count, problems)
    }

    /// The problems of a document that was read from `bytes` already.
    public mutating func validate(
        _ document: EPCISDocument,
        json bytes: [UInt8],
        named name: String
    ) -> [DocumentProblem] {
        events.ignoredFields = document.ignoredFields
        let found = events.validate(document.events.map(\.event))
        guard found.contains(where: { !$0.isEmpty }), let root = try? JSONValue(parsing: bytes) else { return [] }
        var problems: [DocumentProblem] = []
        var offsets: [Int] = []
        for (index, own) in found.enumerated() where !own.isEmpty {
            let pointer = document.events[index].pointer
            let event = root[pointer: pointer] ?? root
            let isAlone = document.kind == .event
            for problem in own {
                offsets.append(event.innermost(on: problem.path).offset)
                problems.append(
                    DocumentProblem(
                        document: name,
                        event: isAlone ? 1 : DocumentProblem.event(of: pointer, isList: document.kind == .list),
                        position: JSONPosition(line: 1, column: 1),
                        pointer: pointer + problem.path,
                        code: problem.code,
                        severity: problem.severity,
                        sentence: problem.sentence,
                        remedy: problem.remedy
                    )
                )
            }
        }
        for (index, position) in JSONPosition.positions(ofBytes: offsets, in: bytes).enumerated() {
            problems[index].position = position
        }
        return problems
    }
}

extension JSONValue {
    /// The value that a pointer names, or the innermost on the way to it that is there.
    fileprivate func innermost(on pointer: String) -> JSONValue {
        var path = pointer[...]
        while !path.isEmpty {
            if let value = self[pointer: String(path)] { return value }
            guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { break }
            path = path[..<slash]
        }
        return self
    }
}
