import EPCIS
import EPCISJSON
import GS1
import TestSupport
import Testing

/// How numbers, times and text are written in cells; round trips; mutations; size.
@Suite struct CSVFormatTests {
    /// Reads one cell into the extension `ex:v`; `nil` where it is refused.
    private func read(_ cell: String, _ verb: String) -> String? {
        let mapping = """
            {"mapping": 1, "events": [{"type": "ObjectEvent", "eventTime": "2026-03-01T08:00:00Z", "ex:v": {\(verb)}}]}
            """
        guard let event = try? CSVRefusalTests.read("v\n\(CSVFormatTests.quoted(cell))\n", mapping).first else {
            return nil
        }
        return JSONValue(event)["ex:v"].map { String(decoding: $0.serialized(), as: UTF8.self) }
    }

    static func quoted(_ text: String) -> String { "\"\(text.replacing("\"", with: "\"\""))\"" }

    @Test(arguments: [
        ("1.50", "", "1.50"), ("-0.5", "", "-0.5"), ("+7", "", "7"), ("007", "", "7"), (".5", "", "0.5"),
        ("0", "", "0"),
        ("1,50", ", \"decimal\": \",\"", "1.50"),
        ("1.234.567,8", ", \"decimal\": \",\", \"grouping\": \".\"", "1234567.8"),
        ("12345678901234567890.10", "", "12345678901234567890.10"),
        ("1,5", "", nil), ("5.", "", nil), (".", "", nil), ("-", "", nil), ("1e3", "", nil), ("1 000", "", nil),
        ("--1", "", nil),
        ("1.23,4", ", \"decimal\": \",\", \"grouping\": \".\"", nil), ("1,2,3", ", \"decimal\": \",\"", nil),
        ("1234.567", ", \"decimal\": \",\", \"grouping\": \".\"", nil), ("NaN", "", nil), ("١", "", nil),
    ])
    func `Numbers keep every digit`(cell: String, options: String, number: String?) {
        #expect(read(cell, "\"$number\": \"{v}\"\(options)") == number)
    }

    @Test(arguments: [
        ("2026-03-01 08:05:09", "yyyy-MM-dd HH:mm:ss", "2026-03-01T08:05:09+08:00"),
        ("2026/3/1 8:05", "yyyy/M/d H:mm", "2026-03-01T08:05:00+08:00"),
        ("2026/12/31 18:05", "yyyy/M/d H:mm", "2026-12-31T18:05:00+08:00"),
        ("3/1/2026 12:05 AM", "M/d/yyyy h:mm a", "2026-03-01T00:05:00+08:00"),
        ("3/1/2026 12:05 PM", "M/d/yyyy h:mm a", "2026-03-01T12:05:00+08:00"),
        ("2026年3月1日 下午1:05", "yyyy年M月d日 ah:mm", "2026-03-01T13:05:00+08:00"),
        ("2026-03-01T08:05:09.1250", "yyyy-MM-dd'T'HH:mm:ss.SSS", "2026-03-01T08:05:09.1250+08:00"),
        ("20260301080509", "yyyyMMddHHmmss", "2026-03-01T08:05:09+08:00"),
        ("2026-03-01 24:00", "yyyy-MM-dd HH:mm", nil), ("2026-3-01 08:00", "yyyy-MM-dd HH:mm", nil),
        ("2026-03-01 08:00 ", "yyyy-MM-dd HH:mm", nil), ("0000-03-01 08:00", "yyyy-MM-dd HH:mm", nil),
        ("13:00 PM 2026-03-01", "h:mm a yyyy-MM-dd", nil), ("26-03-01 08:00", "yyyy-MM-dd HH:mm", nil),
    ])
    func `Times are read as the format says`(cell: String, format: String, time: String?) {
        let options = "\"format\": \"\(format)\", \"offset\": \"+08:00\""
        #expect(read(cell, "\"$time\": \"{v}\", \(options)") == time.map { "\"\($0)\"" })
    }

    @Test(arguments: [("2026-03-01 08:05-03:30", "-03:30"), ("2026-03-01 08:05Z", "Z"), ("2026-03-01 08:05+8", nil)])
    func `An offset may stand in the cell`(cell: String, offset: String?) {
        let time = read(cell, "\"$time\": \"{v}\", \"format\": \"yyyy-MM-dd HH:mmXXX\"")
        #expect(time == offset.map { "\"2026-03-01T08:05:00\($0)\"" })
    }

    @Test(arguments: [
        (#""00": "{v}""#, "urn", "395211060000026111", "urn:epc:id:sscc:9521106.3000002611"),
        (#""01": "{v}""#, "urn", "95060001", nil),
        (#""01": "{v}", "21": "S/1""#, "urn", "9506000134352", "urn:epc:id:sgtin:9506000.013435.S%2F1"),
        (#""10": "L", "01": "{v}""#, "urn", "9506000134352", "urn:epc:class:lgtin:9506000.013435.L"),
        (#""01": "{v}""#, "urn", "9506000134352", "urn:epc:idpat:sgtin:9506000.013435.*"),
        (
            #""21": "S", "10": "L", "01": "{v}""#, "https://id.gs1.org", "9506000134352",
            "https://id.gs1.org/01/09506000134352/10/L/21/S"
        ),
        (#""21": "S", "10": "L", "01": "{v}""#, "urn", "9506000134352", nil),
        (#""01": "{v}""#, "https://id.gs1.org", "95012347", nil),
        (#""01": "{v}""#, "https://id.gs1.org", "96385074", "https://id.gs1.org/01/00000096385074"),
        (#""414": "{v}", "254": "D1""#, "urn", "9521106000103", "urn:epc:id:sgln:9521106.00010.D1"),
        (#""417": "{v}""#, "urn", "9521106000004", "urn:epc:id:pgln:9521106.00000"),
    ])
    func `Identifiers are spelt as the mapping says`(elements: String, way: String, cell: String, text: String?) {
        let verb = "\"$identifier\": {\(elements)}, \"as\": \"\(way)\", \"companyPrefixLength\": 7"
        #expect(read(cell, verb) == text.map { "\"\($0)\"" })
    }

    @Test func `A cell in a URI can be escaped`() {
        #expect(read("PO 8/8-ä", #""$text": "urn:x:{v}", "escape": true"#) == "\"urn:x:PO%208%2F8-%C3%A4\"")
    }

    @Test func `Whatever text is quoted comes back as it was`() {
        let alphabet = ["a", "\"", ",", ";", "\n", "\r", "\r\n", "é", "批", " ", "{", "}", "\t", "'"]
        forAll(300) { random in
            let text = (0...Int.random(in: 0..<12, using: &random)).compactMap { _ in
                alphabet.randomElement(using: &random)
            }
            .joined()
            let expected = String(decoding: JSONValue(.string(text)).serialized(), as: UTF8.self)
            try check(read(text, "\"$text\": \"{v}\"") == expected, "\(text.debugDescription) changed")
        }
    }

    /// Whatever is changed, the reader refuses it, with a place in the file, or gives events that are valid EPCIS JSON.
    @Test func `Mutated tables never trap`() throws {
        let mapping = try CSVMapping(json: Array(CSVRefusalTests.mapping.utf8))
        let row = CSVRefusalTests.row.joined(separator: ",")
        let seed = Array("\(CSVRefusalTests.header)\r\n\(row)\r\n\(row)\n\(row)\n".utf8)
        let bytes: [UInt8] = Array("\",;\n\r {}0".utf8) + [0, 0xEF, 0xBB, 0xBF, 0xC5, 0xFA, 0xFF]
        var read = 0
        forAll(2000) { random in
            var mutated = seed
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let at = Int.random(in: mutated.indices, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: mutated.remove(at: at)
                case 1: mutated[at] ^= 1 << UInt8.random(in: 0..<8, using: &random)
                case 2: mutated.removeSubrange(at...)
                default: mutated.insert(bytes.randomElement(using: &random) ?? 0, at: at)
                }
                if mutated.isEmpty { mutated = [0x2C] }
            }
            let lines = mutated.count { $0 == 0x0A } + 1
            do {
                var reader = try CSVEventReader(mutated, mapping: mapping)
                while let located = try reader.next() {
                    let json = DocumentWriter.event(located.event).serialized()
                    try check(try EPCISDocument(json: json).events.map(\.event) == [located.event], "the event changed")
                    read += 1
                }
            } catch let error as CSVError {
                switch error.place {
                case .cell(let line, let column, _):
                    try check((1...lines).contains(line) && (1...64).contains(column), "\(error)")
                case .row(let line): try check((1...lines).contains(line), "\(error)")
                case .mapping: throw Falsified("\(error)")
                case .file: break
                }
            }
        }
        print("CSV mutations: \(read) events were still read")
        #expect(read > 0)
    }

    @Test func `Mutated mappings never trap`() {
        let seed = Array(CSVRefusalTests.mapping.utf8)
        let row = CSVRefusalTests.row.joined(separator: ",")
        var read = 0
        forAll(1000) { random in
            var mutated = seed
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let at = Int.random(in: mutated.indices, using: &random)
                mutated[at] = mutated.randomElement(using: &random) ?? 0
            }
            guard let mapping = try? CSVMapping(json: mutated) else { return }
            guard var reader = try? CSVEventReader(Array("\(CSVRefusalTests.header)\n\(row)\n".utf8), mapping: mapping)
            else { return }
            if (try? reader.next()) != nil { read += 1 }
        }
        #expect(read > 0)
    }

    /// Events are made one by one: the reader holds the file and no rows.
    @Test func `A hundred thousand rows`() throws {
        var csv = "Time,Serial\n"
        for number in 0..<100_000 { csv += "2026/3/1 8:05,\(number)\n" }
        let mapping = """
            {"mapping": 1, "events": [{"type": "ObjectEvent", "action": "OBSERVE", "epcList": ["urn:x:{Serial}"],
             "eventTime": {"$time": "{Time}", "format": "yyyy/M/d H:mm", "offset": "+08:00"}}]}
            """
        var reader = try CSVEventReader(Array(csv.utf8), mapping: try CSVMapping(json: Array(mapping.utf8)))
        var count = 0
        var last: CSVEventReader.LocatedEvent?
        while let located = try reader.next() { (last, count) = (located, count + 1) }
        #expect(count == 100_000)
        #expect(last?.line == 100_001)
        #expect(last?.event.epcList?.map(\.text) == ["urn:x:99999"])
    }
}
