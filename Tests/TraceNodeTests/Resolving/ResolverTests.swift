import Testing
import TraceProof
import TraceStatements

@testable import TraceNode

/// What a code says and what it may be answered with.
@Suite struct ResolverTests {
    private func link(_ target: String) throws -> ResolvedLink {
        try ResolvedLink(target: target, base: "https://n.example")
    }

    @Test func aCodeIsReadStrictlyAndSpelledCanonically() throws {
        let code = try link("/01/09521101530018/10/L%2F1/21/K7?17=261231&S=AAA&linkType=gs1%3Apip")
        #expect((code.gtin, code.lot, code.item?.text) == ("09521101530018", "L/1", "(01)09521101530018(21)K7"))
        #expect(code.path == "/01/09521101530018/10/L%2F1/21/K7")
        #expect(code.target == "/01/09521101530018/10/L%2F1/21/K7?17=261231")
        #expect(code.linkType == "gs1:pip")
        #expect(code.packName == "09521101530018-L%2F1.pack")
        #expect(try link("/01/09521101530018").packName == nil)
    }

    @Test(arguments: [
        ("/01/09521101530019", "character 18"), ("/01/9521101530018", ""), ("/01/09521101530018/21/", ""),
        ("/01/09521101530018/21/a/10/b", ""), ("/01/09521101530018/21/%zz", ""),
        ("/01/09521101530018?linkType=a&linkType=b", "ask for one"),
        ("/01/09521101530018/21/" + String(repeating: "x", count: 2100), "2048"),
    ])
    func aCodeThatIsNoneIsRefusedWithItsPlace(_ target: String, _ words: String) {
        do {
            _ = try link(target)
            Issue.record("\(target) was read")
        } catch let problem as Problem {
            #expect(problem.detail?.contains(words) ?? false, "\(problem.detail ?? "")")
        } catch { Issue.record("\(error)") }
    }

    @Test func namesOfFilesLeadNowhereElse() {
        #expect(ResolvedLink.escaped("../a\\b:c d%é") == "..%2Fa%5Cb%3Ac%20d%25%C3%A9")
        #expect(ResolvedLink.escaped("(01)1(21)A-b_c.D") == "%2801%291%2821%29A-b_c.D")
    }

    @Test func acceptSaysWhatIsWanted() {
        for (accept, wanted) in [
            (nil, Preference.page), ("", .page), ("*/*", .page), ("text/html", .page), ("nonsense;;,", .page),
            ("application/linkset+json", .linkset), ("application/linkset+json;q=0.5, text/html;q=0.4", .linkset),
            ("application/linkset+json;q=0.5, text/html", .page), ("application/json", .events),
            ("application/json, text/html;q=0.9", .events), ("application/*", .linkset),
            ("application/linkset+json;q=0", .page), ("APPLICATION/JSON; Q=1", .events),
        ] { #expect(Preference(accept) == wanted, "\(accept ?? "none")") }
    }

    @Test func linkTypesHaveTheirSpellingsAndNoOthers() {
        for type in LinkType.allCases {
            #expect(LinkType(request: type.curie) == type)
            #expect(LinkType(request: type.uri) == type)
        }
        #expect(LinkType(request: "https://ref.gs1.org/voc/pip") == .pip)
        #expect(LinkType(request: "https://ref.gs1.org/voc/batchPack") == nil)
        for name in ["pip", "GS1:pip", "gs1:batchPack", "traceledger:pip", ""] {
            #expect(LinkType(request: name) == nil)
        }
    }

    @Test func aPagesScriptsRunByTheirHashes() {
        let page =
            "<STYLE>a{}</style><script>one</script><p><script type=x>\ntwo</SCRIPT ><script src=x></script><script>cut"
        let policy = PageHeaders.policy(of: Array(page.utf8))
        for content in ["one", "\ntwo", "a{}", ""] {
            #expect(policy.contains("'sha256-\(Base64.encode(SHA256.hash(Array(content.utf8)).bytes))'"), "\(content)")
        }
        #expect(!policy.contains("unsafe-inline"))
        #expect(PageHeaders.policy(of: []).contains("script-src 'wasm-unsafe-eval';"))
        #expect(PageHeaders.policy(of: Array("<script".utf8)).contains("style-src 'none'"))
    }
}
