import EPCIS
import GS1
import Testing
import TraceProof

/// What the payload looks like and what it refuses, by example.
@Suite struct PayloadTests {
    static func event(_ change: (inout EPCISEvent) -> Void = { _ in }) -> EPCISEvent {
        var event = EPCISEvent(
            kind: .object,
            eventTime: known(Timestamp("2026-03-01T08:00:00.000+08:00")),
            eventTimeZoneOffset: known(TimeZoneOffset("+08:00"))
        )
        change(&event)
        return event
    }

    /// `bytes` as a payload with key 0, 1 and 2 before them.
    static func decode(_ entries: CBORValue.Entry...) throws(FormatError) -> EPCISEvent {
        let head: [CBORValue.Entry] = [
            .init(.integer(0), .integer(0)), .init(.integer(1), .integer(1_099_511_627_776)),
            .init(.integer(2), .integer(0)),
        ]
        return try EPCISEvent(payload: CBORValue.map(head + entries).encoded())
    }

    static func refusal(_ key: Int64, _ value: CBORValue) -> String? {
        do throws(FormatError) {
            _ = try decode(.init(.integer(key), value))
            return nil
        } catch { return error.reason }
    }

    @Test func anEventIsAFewSmallNumbers() throws {
        let event = PayloadTests.event {
            $0.epcList = ["9876", "9877", "A-1"].map { Identifier("urn:epc:id:sgtin:4012345.011111.\($0)") }
            $0.bizStep = Term("shipping")
            $0.action = .observe
        }
        let payload = try event.payload()
        #expect(
            try CBORDiagnostic.text(of: payload)
                == "{0: 0, 1: 1772323200000, 2: 480, 5: 1, 6: [[7, [1, h'5d6b70c507'], 21, 9876, 9877, \"A-1\"]], 16: 32}"
        )
        #expect(try EPCISEvent(payload: payload) == event)
    }

    @Test func sizesAreMet() throws {
        var event = PayloadTests.event {
            $0.action = .observe
            $0.bizStep = Term("shipping")
            $0.disposition = Term("in_transit")
            $0.readPoint = Location(Identifier("urn:epc:id:sgln:4012345.00005.0"))
            $0.bizLocation = Location(Identifier("https://id.gs1.org/414/4012345000245/254/1"))
            $0.bizTransactionList = [
                BusinessTransaction(
                    type: Term("po"),
                    bizTransaction: Identifier("urn:epcglobal:cbv:bt:5200001000008:RE100099")
                )
            ]
        }
        func size(_ serials: [String]) throws -> Int {
            event.epcList = serials.map { Identifier("urn:epc:id:sgtin:4012345.011111.\($0)") }
            return try event.payload().count
        }
        let one = try size(["274877906943"])
        #expect(one <= 120)
        let many = (0..<1000).map { "\(274_877_906_943 - $0)" }
        let each = Double(try size(many) - one) / 999
        #expect(each <= 9)
        print("single-EPC event: \(one) bytes; each further 12-digit serial: \(each) bytes")
    }

    @Test func absentAndEmptyStayApart() throws {
        let empty = PayloadTests.event {
            $0.epcList = []
            $0.ilmd = []
            $0.sensorElementList = []
            $0.persistentDisposition = PersistentDisposition(set: [])
        }
        #expect(try EPCISEvent(payload: try empty.payload()) == empty)
        #expect(try EPCISEvent(payload: try PayloadTests.event().payload()).epcList == nil)
    }

    @Test(arguments: [
        "2026-03-01T08:00:00.000+08:00", "2026-03-01T08:00:00+08:00", "2026-03-01T00:00:00Z",
        "2026-03-01T00:00:00.000Z",
        "2026-03-01T00:00:00-00:00", "2026-03-01T00:00:00.116000-06:00", "2026-03-01T00:00:00.1234567891Z",
        "1969-12-31T23:59:59.9Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59.999999999-14:00",
    ]) func timesKeepTheirText(_ text: String) throws {
        let event = PayloadTests.event { $0.recordTime = Timestamp(text) }
        #expect(try EPCISEvent(payload: try event.payload()).recordTime == Timestamp(text))
    }

    @Test func textIsAlwaysAllowedWhereItMayBecomeShorter() throws {
        let text = "urn:epc:id:sgtin:4012345.011111.9876"
        #expect(try PayloadTests.decode(.init(.integer(8), .text(text))).parentID == Identifier(text))
        #expect(try PayloadTests.decode(.init(.integer(16), .text("shipping"))).bizStep == Term("shipping"))
        #expect(try PayloadTests.decode(.init(.integer(3), .text("2026-03-01T00:00:00Z"))).recordTime != nil)
    }

    @Test func whatANewerVersionAddsIsNamed() {
        for (key, value) in [
            (24, .integer(1)), (-9, .array([])), (5, .integer(3)), (16, .integer(41)),
            (16, .array([.integer(3), .integer(0)])),
            (8, .array([.integer(13), .integer(0), .integer(1)])), (8, .bytes([1])),
            (-6, .map([.init(.text("x"), .integer(8))])),
            (-1, .array([.map([.init(.integer(1), .array([])), .init(.integer(2), .null)])])),
        ] as [(Int64, CBORValue)] {
            #expect(PayloadTests.refusal(key, value)?.contains("newer version") == true, "\(key)")
        }
        #expect(throws: FormatError.self) { try PayloadTests.decode(.init(.simple(59), .array([]))) }
    }

    @Test func secondSpellingsAreRefused() {
        let single = CBORValue.array([
            .integer(7), .integer(1), .bytes([0x5D, 0x6B, 0x70, 0xC5, 0x07]), .integer(21), .integer(1),
        ])
        #expect(PayloadTests.refusal(6, .array([single])) == nil)
        for (key, value) in [
            (6, .array([single, single])),  // not grouped
            (
                6,
                .array([
                    .array([
                        .integer(7), .array([.integer(1), .bytes([0x5D, 0x6B, 0x70, 0xC5, 0x07])]), .integer(21),
                        .integer(1),
                    ])
                ])
            ),
            (8, .array([.text("https://id.gs1.org"), .integer(1), .bytes([0x5D, 0x6B, 0x70, 0xC5, 0x07])])),
            (8, .array([.integer(7), .integer(1), .integer(401_234_511_111)])),  // a byte string is shorter
            (8, .array([.integer(7), .integer(1), .bytes([0x5D, 0x6B, 0x70, 0xC5, 0x07]), .integer(21), .text("1")])),
            (8, .array([.integer(0), .integer(414), .bytes([0x5D, 0x6B, 0x70, 0xC5, 0x07])])),  // 414 has a short code
            (8, .array([.integer(2), .text("id.gs1.org/01/04012345111118")])),
            (3, .array([.integer(1), .integer(3)])),  // milliseconds stand alone
            (3, .array([.integer(1), .integer(0), .integer(0)])),  // repeats the own offset
            (7, .array([.map([.init(.integer(0), .text("x"))])])),  // a map without extensions
            (19, .map([.init(.integer(0), .text("x"))])),
            (-5, .map([])), (-6, .map([])),
            (-7, .tag(4, .array([.integer(0), .integer(5)]))), (-7, .tag(262, .bytes([0x35]))), (-7, .integer(.min)),
            (-7, .float(1.5)), (-7, .bytes([1])), (22, .array([.array([.text("x")])])),
        ] as [(Int64, CBORValue)] {
            #expect(PayloadTests.refusal(key, value) != nil, "\(key): \(CBORDiagnostic.text(of: value))")
        }
    }

    @Test func whatCannotBeWrittenNamesTheField() throws {
        func nested(_ levels: Int) -> FieldValue { levels == 0 ? .text("x") : .list([nested(levels - 1)]) }
        let deepest = PayloadTests.event { $0.extensions = [Field("ex:deep", nested(14))] }
        #expect(try EPCISEvent(payload: try deepest.payload()) == deepest)
        func refusal(_ change: (inout EPCISEvent) -> Void) -> String {
            do throws(FormatError) {
                _ = try PayloadTests.event(change).payload()
                return "accepted"
            } catch { return error.reason }
        }
        let deep = refusal { $0.extensions = [Field("ex:deep", nested(15))] }
        #expect(deep.contains("'ex:deep'") && deep.contains("flatten or shorten"))
        #expect(refusal { $0.ilmd = [Field("ex:deep", nested(100))] }.contains("'ilmd/ex:deep'"))
        #expect(refusal { $0.extensions = [Field("ex:a", .null), Field("ex:a", .null)] }.contains("'ex:a'"))
        #expect(refusal { $0.certificationInfo = CertificationInfo(references: [], isList: false) } != "accepted")
    }

    @Test func stemsThatOnlyLookAlikeStayApart() throws {
        let path = "/01/04012345111118/21/"
        let spellings = ["https://caf\u{E9}.example\(path)1", "https://cafe\u{301}.example\(path)2"]
        let event = PayloadTests.event { $0.epcList = spellings.map { Identifier($0) } }
        let back = try EPCISEvent(payload: try event.payload())
        #expect(zip(back.epcList ?? [], spellings).allSatisfy { $0.text.hasSameUTF8(as: $1) })
    }
}
