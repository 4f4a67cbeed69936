internal import EPCIS

extension EPCISDocument {
    /// As ``init(json:)``, but an event that is refused does not end the reading: `events` has the others, which tell by
    /// their pointers where they stood, and `refused` says what is wrong with each that is not there.
    ///
    /// - Throws: `JSONError` where the text is not JSON, or what is around the events is not EPCIS.
    public static func reading(
        json bytes: [UInt8]
    ) throws(JSONError) -> (document: EPCISDocument, refused: [JSONError]) {
        let root = try JSONValue(parsing: bytes)
        var reader = DocumentReader(bytes: bytes)
        reader.refusals = []
        do {
            let document = try reader.document(root)
            let refusals = reader.refusals ?? []
            let positions = JSONPosition.positions(ofBytes: refusals.map(\.offset), in: bytes)
            let refused = zip(refusals, positions).map { refusal, position in
                JSONError(at: position, pointer: root.pointer(toByte: refusal.offset), refusal.reason)
            }
            return (document, refused)
        } catch {
            throw JSONError(
                at: JSONPosition(ofByte: error.offset, in: bytes),
                pointer: root.pointer(toByte: error.offset),
                error.reason
            )
        }
    }
}

extension JSONPosition {
    /// The positions of many bytes, counted in one pass.
    static func positions(ofBytes offsets: [Int], in bytes: [UInt8]) -> [JSONPosition] {
        var positions = [JSONPosition](repeating: JSONPosition(line: 1, column: 1), count: offsets.count)
        var (line, column, counted) = (1, 1, 0)
        for index in offsets.indices.sorted(by: { offsets[$0] < offsets[$1] }) {
            while counted < min(offsets[index], bytes.count) {
                if bytes[counted] == UInt8(ascii: "\n") {
                    (line, column) = (line + 1, 1)
                } else if bytes[counted] & 0xC0 != 0x80 {
                    column += 1
                }
                counted += 1
            }
            positions[index] = JSONPosition(line: line, column: column)
        }
        return positions
    }
}
