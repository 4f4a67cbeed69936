import EPCIS
import EPCISJSON
import Foundation
import TestSupport
import Testing

/// `Docs/Validation.md` is printed from the table of rules. After a change of the rules, write it again with
/// `TRACE_WRITE_DOCS=1 swift test --filter ValidationPageTests`.
@Suite struct ValidationPageTests {
    @Test func `The page says what the code says`() throws {
        let file = Vectors.packageRoot.appending(path: "Docs/Validation.md")
        if ProcessInfo.processInfo.environment["TRACE_WRITE_DOCS"] != nil {
            try Self.page.write(to: file, atomically: true, encoding: .utf8)
        }
        let written = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
        #expect(written == Self.page, "write it again: TRACE_WRITE_DOCS=1 swift test --filter ValidationPageTests")
    }

    static var page: String {
        var page = head
        for layer in ValidationRule.Layer.allCases {
            let rules = ValidationRule.all.filter { $0.layer == layer }
            page += "\n## \(title(layer))\n\n| code | severity | what is wrong | what to do |\n|---|---|---|---|\n"
            for rule in rules {
                page +=
                    "| [`\(rule.code)`](#\(anchor(rule.code))) | \(rule.severity.name) | \(rule.sentence) | \(rule.remedy) |\n"
            }
        }
        page +=
            "\n## Examples\n\nEach is executed by `Tests/EPCISTests/Validation`, with now being 2026-03-02T00:00:00Z.\n"
        for rule in ValidationRule.all {
            page += "\n### \(rule.code)\n\nKeeps the rule:\n\n```json\n\(rule.passing)\n```\n\n"
            page += "Breaks it:\n\n```json\n\(rule.failing)\n```\n"
        }
        return page
    }

    private static func title(_ layer: ValidationRule.Layer) -> String {
        switch layer {
        case .structure: "Structure: one event against EPCIS 2.0 and CBV 2.0"
        case .identifiers: "Identifiers: against the GS1 standards"
        case .sense: "Sense: against itself, the clock and what was recorded before"
        }
    }

    private static func anchor(_ code: String) -> String { code.replacing(".", with: "") }

    private static var head: String {
        """
        # Validation before signing

        <!-- Printed from the code by Tests/EPCISTests/Validation/ValidationPageTests.swift; do not edit. -->

        A ledger that signs wrong data preserves it. So events are held against \(ValidationRule.all.count) rules before they are signed, by
        `traceledger event validate FILE...`, by `append` and `sign` (`--validate strict|warn|off`), and by the library calls
        `DocumentValidator` (JSON, with line, column and pointer) and `EventValidator` (events).

        - An **error** refuses the document: nothing of it is signed or appended. A **warning** is only said.
        - `--rule CODE=error|warning|off` sets a rule, or a whole layer (`--rule sense=warning`); later ones win.
        - A problem stands on one line: `FILE, event N, line L, column C (POINTER): SEVERITY CODE: what is wrong; what to do`.
        - Codes stay what they are; rules are only added.

        What is not EPCIS at all (a missing `eventTime`, a string where a number belongs, an unknown type) has the code
        `structure.unreadable` and is always an error: such an event cannot be encoded. Reading goes on behind it.

        How the layer of sense knows: it folds over the events of the ledger (`append`, `event validate --ledger`) and over the
        documents in their order; within a document events are taken by their times. It holds a fixed number of facts for
        each object. Only what the records contradict is a problem: what others may have done to goods that changed hands
        is not known here, so a container that was shipped or received in between is believed. An event that an
        `errorDeclaration` names is held against nothing, and what is wrong in the declaration's copy of it is at most a
        warning, since it must be repeated as it was.

        Amounts balance in kilograms, litres (with units of UN/CEFACT recommendation 20) within 1 %. Losses and by-products
        count where they are declared: any object in `ilmd` or in an extension that has a `quantity` and a `uom`, in any
        namespace. Pieces do not balance, and neither do sides of different dimensions.

        """
    }
}
