import GS1
import TestSupport
import Testing
import TraceProof
import TraceStatements

/// Recalls: what they cover, their clocks, their bytes.
@Suite struct RecallTests {
    private let gtin = "09506000134352"

    private func recall(_ level: Recall.Class = .second, _ scopes: [RecallScope]) throws -> Recall {
        try Recall(
            identifier: "2026-07",
            level: level,
            scopes: scopes,
            reason: "金属碎片",
            instruction: "请勿食用，退回购买处",
            opened: 1_780_000_000
        )
    }

    @Test func theClockOfTheClass() throws {
        let scope = [try RecallScope(gtin: gtin)]
        let hours = try Recall.Class.allCases.map { (try recall($0, scope).startDeadline - 1_780_000_000) / 3600 }
        #expect(hours == [24, 48, 72])
        #expect(Recall.Class.allCases.map(\.workingDaysToFinish) == [10, 20, 30])
    }

    @Test func aScopeCoversWhatItNames() throws {
        func covers(_ scope: RecallScope, _ code: String) throws -> RecallScope.Cover {
            let elements = ElementString(code)
            return scope.covers(try #require(elements).elements)
        }
        let product = try RecallScope(gtin: gtin)
        #expect(try covers(product, "(01)09506000134352") == .yes)
        #expect(try covers(product, "(01)09506000134369") == .no)
        let lot = try RecallScope(gtin: gtin, lot: "A1")
        #expect(try covers(lot, "(01)09506000134352(10)A1(21)7") == .yes)
        #expect(try covers(lot, "(01)09506000134352(10)a1") == .no)
        #expect(try covers(lot, "(01)09506000134352(21)7") == .open("lot (10)"))
        let range = try RecallScope(gtin: gtin, serials: .init(from: "0100", to: "0199"))
        #expect(try covers(range, "(01)09506000134352(21)0150") == .yes)
        #expect(try covers(range, "(01)09506000134352(21)150") == .no)
        #expect(try covers(range, "(01)09506000134352(10)A1") == .open("serial number (21)"))
        #expect(RecallScope.Serials(from: "2", to: "10") == nil)
        #expect(RecallScope.Serials(from: "2", to: "1") == nil)
    }

    @Test func readAsItWasWritten() throws {
        let recall = try recall(
            .first,
            [
                try RecallScope(gtin: gtin, lot: "A1", serials: .init(from: "01", to: "09")),
                try RecallScope(gtin: gtin, lot: "A2"),
            ]
        )
        #expect(try Recall(decoding: recall.encoded) == recall)
        #expect(recall.subject == "(01)09506000134352(10)A1")
        let bytes = recall.encoded
        for end in bytes.indices { #expect(throws: FormatError.self) { try Recall(decoding: Array(bytes[..<end])) } }
        forAll { generator in
            var altered = bytes
            altered[Int.random(in: altered.indices, using: &generator)] ^=
                1 << UInt8.random(in: 0..<8, using: &generator)
            guard let read = try? Recall(decoding: altered) else { return }
            try check(read.encoded == altered, "a recall that is read is not written the same")
        }
    }

    @Test func whatIsNoRecallIsRefused() throws {
        #expect(throws: FormatError.self) { try recall(.first, []) }
        #expect(throws: FormatError.self) { try RecallScope(gtin: "09506000134353") }
        #expect(throws: FormatError.self) { try RecallScope(gtin: gtin, lot: "") }
        #expect(throws: FormatError.self) {
            try Recall(
                identifier: "",
                level: .first,
                scopes: [RecallScope(gtin: gtin)],
                reason: "x",
                instruction: "y",
                opened: 0
            )
        }
    }
}
