import TestSupport
import Testing
import TraceQuery

/// What a client may write, and what it is told otherwise.
@Suite struct QueryParsingTests {
    /// Why a query string is refused.
    private func refusal(_ queryString: String, sourceLocation: SourceLocation = #_sourceLocation) -> QueryError? {
        do {
            _ = try EventQuery(queryString: queryString)
            Issue.record("accepted: \(queryString)", sourceLocation: sourceLocation)
            return nil
        } catch { return error }
    }

    @Test func defaults() throws {
        let query = try EventQuery(queryString: "")
        #expect(query.perPage == 30)
        #expect(query.ordering == .ledger)
        #expect(!query.isDescending)
        #expect(try EventQuery(queryString: "perPage=1000").perPage == 1000)
        // The standard lets a server keep to its own limit.
        #expect(try EventQuery(queryString: "perPage=1001").perPage == 1000)
        #expect(try EventQuery(queryString: "orderBy=recordTime").isDescending)
        #expect(try EventQuery(queryString: "GE_eventTime=2026-01-01T00:00:00Z").ordering == .eventTime)
        #expect(try EventQuery(queryString: "LT_recordTime=2026-01-01T00:00:00Z").ordering == .recordTime)
    }

    @Test func valuesThatMeanTheSameAreOneQuery() throws {
        let query = try EventQuery(
            queryString: "EQ_bizStep=shipping%7Cpacking&MATCH_epc=urn:epc:id:sscc:0614141.1234567890"
        )
        for same in [
            "EQ_bizStep=packing|shipping&MATCH_epc=https://id.gs1.org/00/106141412345678908",
            "MATCH_epc=(00)106141412345678908&EQ_bizStep=urn:epcglobal:cbv:bizstep:packing&EQ_bizStep=shipping",
            "EQ_bizStep=packing|shipping|packing&MATCH_epc=https://example.com/00/106141412345678908",
        ] {
            #expect(try EventQuery(queryString: same) == query, "\(same)")
        }
        #expect(try EventQuery(queryString: "EQ_bizStep=packing") != query)
    }

    @Test func refusalsNameTheParameterAndTheRemedy() throws {
        for (queryString, parameter, words) in [
            ("EQ_bizstep=shipping", "EQ_bizstep", "write EQ_bizStep"),
            ("bizStep=shipping", "bizStep", "no parameter of EPCIS 2.0"),
            ("WD_readPoint=urn:x:y", "WD_readPoint", "not supported"),
            ("EQ_bizTransaction_po=urn:x:y", "EQ_bizTransaction_po", "not supported"),
            ("GE_example:temperature=3", "GE_example:temperature", "not supported"),
            ("eventCountLimit=10", "eventCountLimit", "not supported"),
            ("eventType=ObjectEvent,AggregationEvent", "eventType", "joined by |"),
            ("eventType=QuantityEvent", "eventType", "TransformationEvent"),
            ("EQ_action=add", "EQ_action", "ADD, OBSERVE, DELETE"),
            ("EQ_bizStep=shipping,receiving", "EQ_bizStep", "joined by |"),
            ("EQ_disposition=in%20transit", "EQ_disposition", "CBV"),
            ("GE_eventTime=2026-01-01", "GE_eventTime", "offset"),
            ("GE_eventTime=2026-01-01T00:00:00", "GE_eventTime", "offset"),
            ("LT_recordTime=2026-13-01T00:00:00Z", "LT_recordTime", "offset"),
            ("GE_eventTime=2026-01-01T00:00:00Z&GE_eventTime=2026-01-01T00:00:00Z", "GE_eventTime", "twice"),
            ("orderBy=bizStep", "orderBy", "eventTime or recordTime"),
            ("orderDirection=asc", "orderDirection", "ASC nor DESC"),
            ("perPage=0", "perPage", "1 to 1000"), ("perPage=-1", "perPage", "1 to 1000"),
            ("perPage=030", "perPage", "1 to 1000"), ("perPage=%2B30", "perPage", "1 to 1000"),
            ("perPage=1e3", "perPage", "1 to 1000"), ("perPage=99999999999999999999", "perPage", "1 to 1000"),
            ("perPage=%D9%A3%D9%A0", "perPage", "1 to 1000"),
            ("MATCH_epc=urn:epc:idpat:sgtin:9521102.000301", "MATCH_epc", "pattern"),
            ("MATCH_epc=urn:epc:idpat:sgtin:*.000301.*", "MATCH_epc", "pattern"),
            ("MATCH_epc=urn:epc:idpat:sgtin:9521102.0003.*", "MATCH_epc", "pattern"),
            ("MATCH_epc=", "MATCH_epc", "empty"), ("EQ_action=ADD||DELETE", "EQ_action", "empty"),
            ("EQ_action", "EQ_action", "="), ("a&", "a", "="), ("=", "", "no parameter"),
            ("EQ_eventID=%", "EQ_eventID", "hexadecimal"), ("EQ_eventID=%2", "EQ_eventID", "hexadecimal"),
            ("EQ_eventID=%zz", "EQ_eventID", "hexadecimal"), ("EQ_eventID=%ff", "EQ_eventID", "UTF-8"),
            // A surrogate, paired or not, is not UTF-8; nor is an overlong slash.
            ("EQ_eventID=%ED%A0%80", "EQ_eventID", "UTF-8"), ("EQ_eventID=%C0%AF", "EQ_eventID", "UTF-8"),
            ("nextPageToken=abc", "nextPageToken", "token"),
        ] {
            let error = try #require(refusal(queryString))
            #expect(error.problem == .parameter)
            #expect(error.parameter == parameter, "\(queryString)")
            #expect(error.description.contains(words), "\(queryString): \(error)")
        }
        #expect(QueryError.Problem.parameter.type == "epcisException:QueryParameterException")
        #expect(QueryError.Problem.parameter.status == 400)
    }

    @Test func sizesAreBounded() throws {
        let long = String(repeating: "a", count: EventQuery.maximumLength)
        #expect(refusal("EQ_eventID=" + long)?.problem == .tooLong)
        #expect(QueryError.Problem.tooLong.status == 414)
        let value = String(repeating: "a", count: EventQuery.maximumValueLength)
        _ = try EventQuery(queryString: "EQ_eventID=" + value)
        #expect(refusal("EQ_eventID=a" + value)?.problem == .parameter)
        let values = repeatElement("x:y", count: EventQuery.maximumValues).joined(separator: "|")
        _ = try EventQuery(queryString: "MATCH_epc=" + values)
        // What is no list does not count: a query of the most values has its pages too.
        _ = try EventQuery(queryString: "perPage=7&MATCH_epc=" + values + "&orderBy=eventTime")
        #expect(refusal("MATCH_epc=x:y|" + values)?.problem == .tooComplex)
        #expect(refusal("MATCH_epc=x:y&EQ_readPoint=" + values)?.problem == .tooComplex)
        #expect(refusal(String(repeating: "EQ_action=ADD&", count: 100) + "EQ_action=ADD")?.problem == .tooComplex)
        // What is repeated to the client is short and printable.
        let name = try #require(refusal("%00%0A%E2%80%AE" + String(repeating: "n", count: 200) + "=1")?.parameter)
        #expect(name == "?????" + String(repeating: "n", count: 59) + "...")
        #expect(throws: QueryError.self) { try EventQuery([], about: "") }
        #expect(throws: QueryError.self) { try EventQuery([], about: "a" + value) }
        #expect(throws: QueryError.self) { try EventQuery(eventID: "") }
    }

    /// The standard's names of what it leaves open are told apart from what it never had.
    @Test func everyParameterOfTheStandardIsKnown() throws {
        for name in [
            "EQ_persistentDisposition_set", "EQ_quantity", "EXISTS_errorDeclaration", "GE_errorDeclarationTime",
            "EQ_transformationID", "EQ_ILMD_example:x", "LT_INNER_example:x", "EXISTS_INNER_example:x",
            "HASATTR_example:x", "EQ_value_KGM", "GE_minValue_CEL", "EQ_source_owning_party",
        ] {
            #expect(refusal("\(name)=1")?.reason.contains("not supported") == true, "\(name)")
        }
        for name in ["EQ_", "EXISTS_", "MATCH_", "GE_eventtimes", "constructor", "EQ_bizStep%00", "EQ_bizStep "] {
            #expect(refusal("\(name)=1")?.reason.contains("no parameter") == true, "\(name)")
        }
    }

    @Test func tokensAreOpaqueAndStrict() async throws {
        let world = try await QueryWorld()
        try await world.append(try QueryWorld.examples())
        let index = try await world.updatedIndex()
        let query = "EQ_action=ADD&orderBy=eventTime&perPage=2"
        let page = try await index.page(of: try EventQuery(queryString: query))
        let token = try #require(page.nextPageToken)
        #expect(
            token.utf8.allSatisfy {
                $0 == 0x2D || $0 == 0x5F || ($0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A) || ($0 >= 0x30 && $0 <= 0x39)
            }
        )
        _ = try EventQuery(queryString: "perPage=7&nextPageToken=\(token)&orderBy=eventTime&EQ_action=ADD")
        for other in [
            "EQ_action=OBSERVE&orderBy=eventTime", "EQ_action=ADD",
            "EQ_action=ADD&orderBy=eventTime&orderDirection=ASC",
        ] {
            #expect(refusal("\(other)&nextPageToken=\(token)")?.reason.contains("another query") == true, "\(other)")
        }
        for broken in [
            token + "A", String(token.dropLast()), token + "=", "+" + token.dropFirst(), " " + token.dropFirst(),
        ] {
            #expect(refusal("\(query)&nextPageToken=\(broken)") != nil)
        }
        // The last character's spare bits are zero in the one spelling that is taken.
        let spare = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
        let accepted = spare.filter { last in
            (try? EventQuery(queryString: "\(query)&nextPageToken=\(token.dropLast())\(last)")) != nil
        }
        #expect(accepted.count == 4)
    }

    /// Whatever bytes come, a query is parsed or refused; and a token that is taken is one that is given.
    @Test func anythingIsParsedOrRefused() {
        let words = [
            "EQ_bizStep=", "MATCH_epc=", "GE_eventTime=", "nextPageToken=", "perPage=", "&", "=", "|", "%7C", "%", "%2",
            "%ED%A0",
            "urn:epc:idpat:sgtin:", "9521102", ".*", "*", ".", "https://id.gs1.org/01/", "09521102003016", "/21/",
            "(01)", "(", "\\(",
            "2026-01-01T00:00:00", "Z", "+08:00", "shipping", "cbv:BizStep-", "'; DROP TABLE events; --", "\u{0}", "é",
            "e\u{301}", "AQ",
        ]
        forAll(2000) { random in
            let text = (0..<Int.random(in: 0..<12, using: &random)).map { _ in words.randomElement(using: &random) ?? ""
            }.joined()
            do {
                let query = try EventQuery(queryString: text)
                try check((1...1000).contains(query.perPage), "perPage \(query.perPage)")
                try check(try EventQuery(queryString: text) == query, "not the same twice: \(text)")
            } catch let error as QueryError {
                try check(error.description.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }, "not printable: \(error)")
            }
        }
    }
}
