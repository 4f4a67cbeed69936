import EPCIS
import Testing

@Suite struct VocabularyTests {
    @Test func aTermHasOneCodeInEverySpelling() throws {
        let bare = try #require(Vocabulary.bizSteps.lookUp(Term("shipping")))
        #expect(bare == (.bare, 32))
        #expect(try #require(Vocabulary.bizSteps.lookUp(Term("cbv:BizStep-shipping"))) == (.curie, 32))
        #expect(
            try #require(Vocabulary.bizSteps.lookUp(Term("https://ref.gs1.org/cbv/BizStep-shipping"))) == (.webURI, 32)
        )
        #expect(try #require(Vocabulary.bizSteps.lookUp(Term("urn:epcglobal:cbv:bizstep:shipping"))) == (.urn, 32))
        #expect(Vocabulary.bizSteps.lookUp(Term("Shipping")) == nil)
        #expect(Vocabulary.bizSteps.webURI(of: Term("shipping")) == "https://ref.gs1.org/cbv/BizStep-shipping")
        #expect(Vocabulary.measurementTypes.webURI(of: Term("gs1:Temperature")) == "https://gs1.org/voc/Temperature")
    }

    static let lists: [(Vocabulary, Int, String, String)] = [
        (.bizSteps, 41, "accepting", "void_shipping"),
        (.dispositions, 33, "active", "unknown"),
        (.bizTransactionTypes, 13, "bol", "upevt"),
        (.sourceDestinationTypes, 3, "owning_party", "location"),
        (.errorReasons, 2, "did_not_occur", "incorrect_data"),
        (.components, 15, "x", "geocoordinate"),
        (.measurementTypes, 73, "AbsoluteHumidity", "Activity"),
        (.sensorAlertTypes, 2, "ALARM_CONDITION", "ERROR_CONDITION"),
    ]

    /// Lists may grow at their end (then raise the count here); what stands before must stay where it is.
    @Test(arguments: lists.indices) func listsAreFrozen(_ index: Int) throws {
        let (list, count, first, last) = VocabularyTests.lists[index]
        #expect(list.terms.count == count)
        #expect(list.terms.first == first)
        #expect(list.terms.last == last)
        #expect(Set(list.terms).count == count)
    }

    @Test(arguments: lists.indices) func everyTermGoesBothWays(_ index: Int) throws {
        let list = VocabularyTests.lists[index].0
        for code in list.terms.indices {
            for style in Vocabulary.Style.allCases {
                guard let term = list.term(code, style: style) else { continue }
                #expect(try #require(list.lookUp(term)) == (style, code))
            }
        }
        #expect(list.term(list.terms.count) == nil)
        #expect(list.term(-1) == nil)
    }
}
