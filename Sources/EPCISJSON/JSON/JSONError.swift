/// Why a JSON text or an EPCIS document in it was refused: where, which field, what is wrong and what to do.
public struct JSONError: Error, Equatable, Sendable {
    /// Line and column of the problem.
    public let position: JSONPosition
    /// The JSON pointer (RFC 6901) of the value at fault; `nil` where the text is not JSON and has no values yet.
    public let pointer: String?
    /// What is wrong, and the remedy, in words that need no source code.
    public let reason: String

    /// An error at `position`.
    public init(at position: JSONPosition, pointer: String? = nil, _ reason: String) {
        self.position = position
        self.pointer = pointer
        self.reason = reason
    }
}

extension JSONError: CustomStringConvertible {
    /// `line 12, column 9, /epcisBody/eventList/0/action: "action" must be ADD, OBSERVE or DELETE`.
    public var description: String {
        let place = pointer.map { $0.isEmpty ? "" : ", \($0)" } ?? ""
        return "\(position)\(place): \(reason)"
    }
}

/// A place in a text for people: what an editor shows.
public struct JSONPosition: Hashable, Sendable {
    /// The line, from 1. Lines end with LF (so CRLF counts once).
    public let line: Int
    /// The column, from 1, in Unicode scalars of the line.
    public let column: Int

    /// The position at `line` and `column`.
    public init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    /// The position of byte `offset` of `bytes`; past the end it is the end. O(offset): for errors only.
    public init(ofByte offset: Int, in bytes: [UInt8]) {
        var (line, column) = (1, 1)
        for byte in bytes.prefix(offset) {
            if byte == UInt8(ascii: "\n") {
                (line, column) = (line + 1, 1)
            } else if byte & 0xC0 != 0x80 {
                column += 1
            }
        }
        self.init(line: line, column: column)
    }
}

extension JSONPosition: CustomStringConvertible {
    /// `line 12, column 9`.
    public var description: String { "line \(line), column \(column)" }
}

/// A problem at a byte; line, column and pointer are worked out only when it leaves the module.
package struct Refusal: Error {
    let offset: Int
    package let reason: String

    init(_ offset: Int, _ reason: String) {
        self.offset = offset
        self.reason = reason
    }
}
