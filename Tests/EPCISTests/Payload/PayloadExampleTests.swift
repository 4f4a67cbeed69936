import EPCIS
import EPCISJSON
import Foundation
import TestSupport
import Testing

/// The public example documents: nothing lost on the way JSON, event, CBOR, event, and how small the CBOR is.
@Suite(.enabled(if: Vectors.present, Comment(rawValue: Vectors.absentMessage)))
struct PayloadExampleTests {
    static let files = Vectors.files(below: "epcis/hash-vectors/examples", ending: ".jsonld")

    @Test(arguments: files) func everyExampleComesBack(_ file: String) throws {
        let document = try EPCISDocument(json: try Vectors.bytes(file))
        #expect(!document.events.isEmpty)
        for located in document.events {
            let payload = try located.event.payload()
            let back = try EPCISEvent(payload: payload)
            #expect(back == located.event)
            #expect(try back.payload() == payload)
            #expect(DocumentWriter.event(back).serialized() == DocumentWriter.event(located.event).serialized())
        }
    }

    @Test func payloadsAreAQuarterOfMinifiedJSON() throws {
        var (events, cbor, json) = (0, 0, 0)
        for file in PayloadExampleTests.files {
            let bytes = try Vectors.bytes(file)
            let document = try EPCISDocument(json: bytes)
            let minified = PayloadExampleTests.minified(bytes)
            let sizes = try document.events.map { try $0.event.payload().count }
            print("\(file.split(separator: "/").last ?? ""): JSON \(minified), payloads \(sizes)")
            events += sizes.count
            cbor += sizes.reduce(0, +)
            json += minified
        }
        print(
            "\(events) events, \(cbor) bytes of payload, \(json) bytes of minified JSON: \(cbor * 1000 / json) per mille"
        )
        #expect(events > 30)
        #expect(cbor * 4 <= json)
    }

    /// Bytes outside strings that are not white space, and all that is inside.
    private static func minified(_ json: [UInt8]) -> Int {
        var (count, inside, escaped) = (0, false, false)
        for byte in json {
            if inside {
                count += 1
                if escaped {
                    escaped = false
                } else if byte == 0x5C {
                    escaped = true
                } else if byte == 0x22 {
                    inside = false
                }
            } else if byte > 0x20 {
                count += 1
                inside = byte == 0x22
            }
        }
        return count
    }
}
