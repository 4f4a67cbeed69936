import EPCIS
import Foundation
import GS1
import TestSupport
import Testing
import TraceLedger
import TraceQuery
import TraceStatements

/// The index is never the truth: whatever becomes of its file, it is made again from the ledger.
@Suite struct RebuildTests {
    private func events(_ names: [String]) throws -> [EPCISEvent] {
        try names.map { name in
            var event = EPCISEvent(
                kind: .object,
                eventTime: try #require(Timestamp("2026-03-01T08:00:00+08:00")),
                eventTimeZoneOffset: try #require(TimeZoneOffset("+08:00"))
            )
            event.epcList = [.init("urn:example:\(name)")]
            return event
        }
    }

    private func found(_ name: String, in index: EventIndex) async throws -> [UInt64] {
        try await index.all("MATCH_epc=urn:example:\(name)")
    }

    @Test func itFollowsTheCheckpoint() async throws {
        let world = try await QueryWorld()
        let index = try world.index()
        #expect(try await index.status() == nil)
        #expect(try await index.page(of: try EventQuery([])).size == 0)
        try await world.append(try events(["a"]), publish: false)
        // Entry 0 alone is published.
        #expect(try await index.update().size == 1)
        #expect(try await found("a", in: index).isEmpty)
        _ = try await world.ledger.publish()
        try await world.appendNote()
        try await world.append(try events(["b", "a"]))
        let status = try await index.update()
        #expect(status == (try await index.status()))
        #expect((status.size, status.publishedSize, status.unreadable) == (5, 5, 0))
        #expect(status.rebuilt == nil)
        #expect(try await found("a", in: index) == [1, 4])
        // Opened again, it goes on where it was.
        index.close()
        let again = try world.index()
        #expect(try await found("b", in: again) == [3])
        try await world.append(try events(["b"]))
        #expect(try await again.update().rebuilt == nil)
        #expect(try await found("b", in: again) == [3, 5])
    }

    /// What a newer version wrote is passed over, and counted.
    @Test func whatCannotBeReadIsCounted() async throws {
        let world = try await QueryWorld()
        try await world.append(try events(["a"]))
        try await world.append(kind: .event, payload: [0xA1, 0x18, 0x63, 0x00])
        try await world.append(kind: .init(rawValue: 65_099), payload: [1, 2, 3])
        try await world.append(try events(["a"]))
        let index = try world.index()
        let status = try await index.update()
        #expect((status.size, status.unreadable) == (5, 1))
        #expect(try await found("a", in: index) == [1, 4])
        #expect(try await index.all("") == [1, 4])
    }

    /// Entries that the ledger has no more are answered by no one.
    @Test func anIndexAheadOfItsLedgerIsFoundOut() async throws {
        let world = try await QueryWorld()
        try await world.append(try events(["a"]))
        let checkpoint = try Data(contentsOf: URL(filePath: world.directory + "/checkpoint"))
        try await world.append(try events(["b"]))
        let index = try await world.updatedIndex()
        try checkpoint.write(to: URL(filePath: world.directory + "/checkpoint"))
        #expect(try await found("a", in: index) == [1])
        await #expect(throws: IndexError.self) { try await found("b", in: index) }
        #expect(try await index.update().rebuilt?.contains("the ledger has 2") == true)
        #expect(try await found("b", in: index).isEmpty)
    }

    @Test func aClosedIndexSaysSo() async throws {
        let world = try await QueryWorld()
        let index = try await world.updatedIndex()
        index.close()
        await #expect(throws: IndexError.self) { try await index.page(of: try EventQuery([])) }
        #expect(try await index.update().size == 1)
    }

    @Test func anotherLedgersIndexIsMadeAnew() async throws {
        // As long as the other, shorter and longer; of one genesis and of another.
        for (other, mine, nonce, words) in [
            (["x", "y"], ["a", "b"], UInt8(1), "does not continue"), (["x"], ["a", "b"], 1, "does not continue"),
            (["a", "b", "x"], ["a", "b"], 1, "the ledger has 3"), (["a", "b"], ["a", "b"], 2, "another ledger"),
        ] {
            let first = try await QueryWorld(1)
            try await first.append(try events(other))
            try await first.updatedIndex().close()
            let second = try await QueryWorld(nonce)
            try await second.append(try events(mine))
            try FileManager.default.copyItem(atPath: first.indexPath, toPath: second.indexPath)
            let index = try second.index()
            let status = try await index.update()
            #expect(status.rebuilt?.contains(words) == true, "\(status)")
            #expect(try await found("b", in: index) == [2])
            #expect(try await found("x", in: index).isEmpty)
            #expect(try await index.update().rebuilt == nil)
        }
    }

    @Test func oneThatTheLedgerContinuesIsKept() async throws {
        let first = try await QueryWorld(1)
        try await first.append(try events(["a", "b"]))
        try await first.updatedIndex().close()
        let second = try await QueryWorld(1)
        try await second.append(try events(["a", "b"]))
        try await second.append(try events(["c"]))
        try FileManager.default.copyItem(atPath: first.indexPath, toPath: second.indexPath)
        let index = try second.index()
        #expect(try await index.update().rebuilt == nil)
        #expect(try await found("c", in: index) == [3])
    }

    /// An index with enough pages to be torn in several ways, closed, and what is done to its bytes.
    private func damage(_ change: (inout [UInt8]) -> Void) async throws -> (EventIndex, IndexStatus?) {
        let world = try await QueryWorld()
        try await world.append(try events((0..<600).map { "name-\($0)" }))
        try await world.updatedIndex().close()
        let url = URL(filePath: world.indexPath)
        var bytes = [UInt8](try Data(contentsOf: url))
        #expect(bytes.count > 20 * 4096)
        change(&bytes)
        try Data(bytes).write(to: url)
        let index = try world.index()
        var status: IndexStatus?
        // A page that nobody has looked at is not known to be torn: ask for everything, then let it be mended.
        for _ in 0..<3 {
            status = try await index.update()
            if status?.rebuilt != nil { break }
            for number in stride(from: 0, to: 600, by: 7) {
                guard (try? await found("name-\(number)", in: index)) != nil else { break }
            }
            _ = try? await index.all("")
        }
        for number in stride(from: 0, to: 600, by: 97) {
            #expect(try await found("name-\(number)", in: index) == [UInt64(number + 1)])
        }
        #expect(try await index.all("").count == 600)
        return (index, status)
    }

    @Test func anotherVersionIsMadeAnew() async throws {
        // PRAGMA user_version and application_id stand at bytes 60 and 68 of the file.
        let (_, status) = try await damage { $0[63] &+= 1 }
        #expect(status?.rebuilt?.contains("version 2") == true)
        let (_, other) = try await damage { $0[68] = 0 }
        #expect(other?.rebuilt?.contains("not an index") == true)
    }

    @Test func aTornFileIsMadeAnew() async throws {
        let (_, short) = try await damage { $0.removeLast($0.count / 2) }
        #expect(short?.rebuilt != nil)
        let (_, noise) = try await damage { bytes in for place in 0..<4096 { bytes[place] = UInt8(place & 0xFF) } }
        #expect(noise?.rebuilt != nil)
        let (_, text) = try await damage { $0 = Array("this is no database".utf8) }
        #expect(text?.rebuilt != nil)
        let (_, empty) = try await damage { $0 = [] }
        // An empty file is an empty database.
        #expect(empty?.rebuilt == nil)
    }

    @Test func tornPagesAreMadeAnew() async throws {
        let (_, zeros) = try await damage { bytes in
            for page in 3..<bytes.count / 4096 { for place in 0..<4096 { bytes[page * 4096 + place] = 0 } }
        }
        #expect(zeros?.rebuilt != nil)
        let (_, half) = try await damage { bytes in
            for page in 5..<bytes.count / 4096 { for place in 100..<2048 { bytes[page * 4096 + place] = 0xA5 } }
        }
        #expect(half?.rebuilt != nil)
    }

    /// Whatever is done to the bytes: what is answered are events of the ledger, and nothing traps.
    @Test func noDamageMakesUpAnEvent() async throws {
        let world = try await QueryWorld()
        try await world.append(try events((0..<200).map { "name-\($0 % 40)" }))
        try await world.updatedIndex().close()
        let url = URL(filePath: world.indexPath)
        let whole = [UInt8](try Data(contentsOf: url))
        let seed = UInt64.random(in: .min ... .max)
        var random = SeededGenerator(seed: seed)
        for round in 0..<60 {
            var bytes = whole
            let first = Int.random(in: 0..<bytes.count, using: &random)
            for _ in 0..<Int.random(in: 1...40, using: &random) {
                let near = min(bytes.count - 1, first + Int.random(in: 0..<200, using: &random))
                let place = Bool.random(using: &random) ? near : Int.random(in: 0..<bytes.count, using: &random)
                bytes[place] = UInt8.random(in: .min ... .max, using: &random)
            }
            try Data(bytes).write(to: url)
            for suffix in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: world.indexPath + suffix) }
            let index = try world.index()
            for query in [
                "", "orderBy=eventTime", "orderBy=recordTime", "MATCH_epc=urn:example:name-7", "EQ_eventID=x",
            ] {
                guard let page = try? await index.page(of: try EventQuery(queryString: query)) else { continue }
                for entry in page.entries {
                    let signed = world.events[entry.index]
                    #expect(entry.event.epcList == signed?.epcList, "seed \(seed), round \(round)")
                }
            }
            _ = try? await index.update()
            index.close()
        }
        try Data(whole).write(to: url)
        for suffix in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: world.indexPath + suffix) }
        #expect(try await found("name-7", in: try await world.updatedIndex()).count == 5)
    }

    @Test func aDeletedFileIsMadeAnew() async throws {
        let world = try await QueryWorld()
        try await world.append(try events(["a"]))
        try await world.updatedIndex().close()
        try FileManager.default.removeItem(atPath: world.indexPath)
        let index = try await world.updatedIndex()
        #expect(try await found("a", in: index) == [1])
    }

    @Test func aFileThatCannotBeIsNamed() async throws {
        let world = try await QueryWorld()
        let path = world.directory + "/no/such/folder/index.sqlite"
        let error = #expect(throws: IndexError.self) { try EventIndex(path, of: try world.reader()) }
        #expect("\(error.map { "\($0)" } ?? "")".contains(path))
    }

    /// Cut off between any two batches it goes on, and comes to the same.
    @Test func anUpdateThatIsCutOffGoesOn() async throws {
        let world = try await QueryWorld()
        try await world.append(try events((0..<600).map { "name-\($0 % 50)" }))
        var limits = IndexLimits()
        (limits.batchEntries, limits.batchNames) = (16, 9)
        let index = try world.index(limits)
        for _ in 0..<20 {
            let update = Task { try await index.update() }
            try await Task.sleep(for: .milliseconds(3))
            update.cancel()
            _ = try? await update.value
            let size = try await index.status()?.size ?? 0
            // What is there is whole.
            #expect(try await index.all("").count == Int(max(size, 1)) - 1)
        }
        try await index.update()
        #expect(try await index.all("") == Array(1...600))
        #expect(try await found("name-7", in: index) == (0..<600).filter { $0 % 50 == 7 }.map { UInt64($0 + 1) })
    }
}
