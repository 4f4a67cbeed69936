import Testing
import TraceVerification

@Suite("Verdicts")
struct VerdictTests {
    @Test func mostSevereFirst() {
        let names = [
            "forged", "unknownKey", "keyRevoked", "notInLedger", "recalled", "expired", "alreadyActivated", "issued",
            "issuedAndLogged", "secretMatches",
        ]
        #expect(Verdict.allCases.sorted().map { $0.name } == names)
    }

    @Test func exitCodes() {
        for verdict in Verdict.allCases {
            let expected =
                switch verdict {
                case .issued, .issuedAndLogged, .secretMatches: 0
                case .unknownKey: 2
                default: 1
                }
            #expect(verdict.exitCode == expected, "\(verdict)")
        }
    }

    @Test func everyVerdictSaysWhatItMeansInBothLanguages() {
        for verdict in Verdict.allCases {
            let meaning = verdict.meaning
            #expect(meaning.english.count > 20 && meaning.english.hasSuffix("."), "\(verdict)")
            #expect(meaning.chinese.hasSuffix("。"), "\(verdict)")
            #expect(meaning.chinese.unicodeScalars.contains { (0x4E00...0x9FFF).contains($0.value) }, "\(verdict)")
        }
        #expect(Set(Verdict.allCases.map { $0.meaning }).count == Verdict.allCases.count)
    }
}
