import EPCIS
import EPCISJSON
import Foundation
import TestSupport
import Testing

/// The documents of this repository and the public ones, and what validation says of them.
@Suite struct ValidationExampleTests {
    static let examples = Vectors.packageRoot.appending(path: "Docs/Examples")

    @Test func `The documents of the story have no errors, alone and one after the other`() throws {
        let now = Timestamp("2026-11-23T00:00:00Z")
        var together = DocumentValidator(EventValidator(now: now))
        var count = 0
        for folder in ["1-farm", "2-processor", "3-distributor"] {
            let path = Self.examples.appending(path: folder)
            for file in try FileManager.default.contentsOfDirectory(atPath: path.path).sorted() {
                let bytes = [UInt8](try Data(contentsOf: path.appending(path: file)))
                var alone = DocumentValidator(EventValidator(now: now))
                #expect(try alone.validate(json: bytes, named: file).problems.filter { $0.severity == .error } == [])
                let (events, problems) = try together.validate(json: bytes, named: file)
                for problem in problems { print("  \(problem)") }
                #expect(problems.filter { $0.severity == .error } == [])
                count += events
            }
        }
        #expect(count == 42)
    }

    @Test func `The slipped decimal point of the correction is found where it would have been used`() throws {
        let file = Self.examples.appending(path: "2-processor/04-production.json")
        let text = try String(contentsOf: file, encoding: .utf8).replacing("480.25", with: "4802.50")
        var validator = DocumentValidator(EventValidator())
        let problems = try validator.validate(json: Array(text.utf8), named: "production").problems
        #expect(problems.map(\.code) == ["sense.amount-missing"])
        #expect(problems.first?.sentence == "4322.25 kg of 18533 kg are missing")
    }

    @Test(.enabled(if: Vectors.present, "\(Vectors.absentMessage)"))
    func `The public examples have no errors`() throws {
        let files =
            Vectors.files(below: "epcis/hash-vectors", ending: ".jsonld")
            + Vectors.files(below: "epcis/hash-vectors", ending: ".json")
        var counts: [String: Int] = [:]
        var errors: Set<String> = []
        var events = 0
        for file in files {
            var validator = DocumentValidator(EventValidator(now: Timestamp("2023-12-31T00:00:00Z")))
            let (count, problems) = try validator.validate(json: try Vectors.bytes(file), named: file)
            events += count
            for problem in problems {
                if problem.severity == .error { errors.insert("\(problem.code) \(problem.pointer)") }
                counts["\(problem.severity.name) \(problem.code)", default: 0] += 1
            }
        }
        print("validation of public examples: \(events) events of \(files.count) documents")
        for (code, count) in counts.sorted(by: { $0.key < $1.key }) { print("  \(count) x \(code)") }
        #expect(errors.isEmpty)
    }
}
