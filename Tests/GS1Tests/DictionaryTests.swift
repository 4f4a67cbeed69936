import Foundation
import GS1
import TestSupport
import Testing

@Suite struct DictionaryTests {
    @Test func anEntryTellsEverything() throws {
        let gtin = try #require(ApplicationIdentifier(1))
        #expect(gtin.title == "GTIN")
        #expect(gtin.specification == "N14,csum,gcppos2")
        #expect(gtin.isPrimaryKey && gtin.hasPredefinedLength && gtin.isDigitalLinkAttribute)
        #expect(gtin.qualifiers == [[22, 10, 21], [235]])
        #expect(gtin.exclusions.map(\.text) == ["255", "37"])
        #expect(gtin.requirements.isEmpty)

        let price = try #require(ApplicationIdentifier(3925))
        #expect(
            price.requirements.map { $0.map { $0.map(\.text) } } == [
                [["01", "30"], ["01", "31nn"], ["01", "32nn"], ["01", "35nn"], ["01", "36nn"]]
            ]
        )
        #expect(price.requirements[0][1][1].matches(3103) && !price.requirements[0][1][1].matches(3203))
        #expect(ApplicationIdentifier(8003)?.specification == "N1,zero N13,csum,gcppos1 [X..16]")
        #expect(
            ApplicationIdentifier(3106) == nil && ApplicationIdentifier(89) == nil && ApplicationIdentifier(-1) == nil
        )
    }

    @Test func datesKnowTheirCenturyAndTheirLastDay() throws {
        let february = try Element(ai: 17, value: "280200").date(referenceYear: 2026)
        #expect(february.year == 2028 && february.month == 2 && february.day == nil && february.effectiveDay == 29)
        #expect(try GS1Date("770101", referenceYear: 2026).year == 1977)
        #expect(try GS1Date("760101", referenceYear: 2026).year == 2076)
        #expect(try GS1Date("010101", referenceYear: 2095).year == 2101)
        #expect(try Element(ai: 7003, value: "2601021530").date(referenceYear: 2026).day == 2)
        #expect(throws: GS1Error.self) { try Element(ai: 10, value: "260101").date(referenceYear: 2026) }
        #expect(throws: GS1Error.self) { try Element(ai: 7003, value: "2601001530").date(referenceYear: 2026) }
        // 2100 is no leap year.
        #expect(throws: GS1Error.self) { try GS1Date("000229", referenceYear: 2060) }
    }

    @Test(.enabled(if: Vectors.present, Comment(rawValue: Vectors.absentMessage)))
    func theTableSaysWhatTheDictionarySays() throws {
        let text = String(decoding: try Vectors.bytes("gs1/gs1-syntax-dictionary.txt"), as: UTF8.self)
        var lines = 0, identifiers = 0
        for line in text.split(separator: "\n") where line.first?.isNumber == true {
            let halves = line.split(separator: "#", maxSplits: 1)
            let range = try #require(line.split(separator: " ").first).split(separator: "-").compactMap { Int($0) }
            for ai in try #require(range.first)...(try #require(range.last)) {
                let identifier = try #require(ApplicationIdentifier(ai), "\(ai)")
                let rest = halves[0].split(separator: " ").dropFirst().joined(separator: " ")
                #expect(Self.entry(identifier, like: rest) == rest, "\(ai)")
                #expect(identifier.title == (halves.count > 1 ? halves[1].trimmingCharacters(in: .whitespaces) : ""))
                identifiers += 1
            }
            lines += 1
        }
        print("Dictionary: \(lines) lines, \(identifiers) application identifiers")
        #expect(lines > 200 && identifiers == ApplicationIdentifier.all.count)
    }

    /// The entry as the dictionary writes it, its attributes in the order of the original.
    private static func entry(_ identifier: ApplicationIdentifier, like original: String) -> String {
        let flags = (identifier.hasPredefinedLength ? "*" : "") + (identifier.isDigitalLinkAttribute ? "?" : "")
        var words = flags.isEmpty ? [] : [flags]
        words.append(identifier.specification)
        let requirements = identifier.requirements.map { alternatives in
            "req=" + alternatives.map { $0.map(\.text).joined(separator: "+") }.joined(separator: ",")
        }
        let exclusions = identifier.exclusions.map(\.text)
        let qualifiers = identifier.qualifiers.map { $0.map(String.init).joined(separator: ",") }.joined(separator: "|")
        let key = identifier.isPrimaryKey ? ["dlpkey" + (qualifiers.isEmpty ? "" : "=" + qualifiers)] : []
        let excluded = exclusions.isEmpty ? [] : ["ex=" + exclusions.joined(separator: ",")]
        let attributes = requirements + excluded + key
        return (words + attributes.sorted { place($0, original) < place($1, original) }).joined(separator: " ")
    }

    private static func place(_ word: String, _ text: String) -> String.Index {
        text.range(of: word)?.lowerBound ?? text.endIndex
    }

    @Test(.enabled(if: Vectors.present, Comment(rawValue: Vectors.absentMessage)))
    func theGeneratorWritesTheCommittedFiles() throws {
        let output = FileManager.default.temporaryDirectory.appending(path: "gs1-table-\(UUID())")
        try FileManager.default.createDirectory(at: output, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: output) }
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [
            "python3", Vectors.packageRoot.appending(path: "scripts/gs1-table").path,
            Vectors.root.appending(path: "gs1/gs1-syntax-dictionary.txt").path, output.path,
        ]
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        for name in ["DictionaryTable.swift", "CodeLists.swift"] {
            let committed = Vectors.packageRoot.appending(path: "Sources/GS1/Dictionary/\(name)")
            #expect(try Data(contentsOf: output.appending(path: name)) == Data(contentsOf: committed), "\(name)")
        }
    }
}
