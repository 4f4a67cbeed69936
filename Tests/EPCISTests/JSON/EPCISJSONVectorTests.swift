import EPCIS
import EPCISJSON
import Foundation
import TestSupport
import Testing

/// Every public example: JSON -> event -> JSON says the same, field by field.
@Suite(.enabled(if: Vectors.present, "\(Vectors.absentMessage)"))
struct EPCISJSONVectorTests {
    static let files =
        Vectors.files(below: "epcis/hash-vectors", ending: ".jsonld")
        + Vectors.files(below: "epcis/hash-vectors", ending: ".json")

    @Test func `Every example comes out as it went in`() throws {
        var count = 0
        for file in Self.files {
            let bytes = try Vectors.bytes(file)
            let root = try JSONValue(parsing: bytes)
            let document = try EPCISDocument(json: bytes)
            for located in document.events {
                let original = try #require(root[pointer: located.pointer], "\(file)\(located.pointer)")
                let written = DocumentWriter.event(located.event)
                #expect(written.firstDifference(from: original) == nil, "\(file)\(located.pointer)")
                #expect(JSONPosition(ofByte: original.offset, in: bytes).line == located.line)

                let again = try EPCISDocument(json: written.serialized()).events
                #expect(again.map(\.event) == [located.event], "\(file)\(located.pointer)")
                count += 1
            }
            let events = document.events.map(\.event)
            let date = try #require(document.creationDate)
            let rewritten = DocumentWriter.document(events, creationDate: date)
            for layout in [JSONValue.Layout.compact, .pretty] {
                let read = try EPCISDocument(json: rewritten.serialized(layout))
                #expect(read.events.map(\.event) == events, "\(file)")
            }
        }
        print("EPCIS JSON examples: \(count) events of \(Self.files.count) documents are equal field by field")
        #expect(count >= Self.files.count && Self.files.count >= 19)
    }

    @Test func `A query document and a document with an event's events are told apart`() throws {
        for file in Self.files {
            let document = try EPCISDocument(json: try Vectors.bytes(file))
            #expect((document.kind == .queryDocument) == file.contains("QueryDoc"), "\(file)")
        }
    }
}
