import Foundation
import TestSupport
import Testing

@testable import TraceLedger

@Suite("A store of small files") struct DurableStoreTests {
    /// The example: compare, replace, read.
    @Test func whatIsReplacedIsWhatWasExpected() async throws {
        let folder = try Folder()
        let store = try DurableStore("\(folder.path)/store", limit: 100)
        #expect(try await store.read("x") == nil)
        #expect(try await store.replace(nil, with: [1], in: "x"))
        #expect(try await !store.replace(nil, with: [2], in: "x"))
        #expect(try await !store.replace([3], with: [2], in: "x"))
        #expect(try await store.read("x") == [1])
        #expect(try await store.replace([1], with: [2], in: "x"))
        try await store.write([], to: "A-z_0.9")
        #expect(try await store.read("A-z_0.9") == [])
        #expect(try await store.names() == ["A-z_0.9", "x"])
        try await store.remove("x")
        try await store.remove("x")
        #expect(try await store.replace(nil, with: [4], in: "x"))
    }

    @Test func theFolderAboveIsNotItsToMake() throws {
        let folder = try Folder()
        #expect(throws: FileError.self) { try DurableStore("\(folder.path)/absent/store", limit: 100) }
    }

    @Test func itIsItsOwnersAlone() async throws {
        let folder = try Folder()
        let store = try DurableStore("\(folder.path)/secret", limit: 100)
        try await store.write([1], to: "x")
        for (path, mode) in [("secret", 0o700), ("secret/x", 0o600), ("secret/lock", 0o600)] {
            let attributes = try FileManager.default.attributesOfItem(atPath: "\(folder.path)/\(path)")
            #expect(attributes[.posixPermissions] as? Int == mode, "\(path)")
        }
    }

    @Test func oneProcessHasItOpen() throws {
        let folder = try Folder()
        do {
            let store = try DurableStore(folder.path, limit: 100)
            do {
                _ = try DurableStore(folder.path, limit: 100)
                Issue.record("opened twice")
            } catch { #expect(error.description.contains("another writer holds this folder: process ")) }
            _ = store
        }
        _ = try DurableStore(folder.path, limit: 100)
    }

    @Test(arguments: [
        "", ".", "..", "a/b", "/a", "lock", "a.tmp", ".hidden", "ü", "a b", String(repeating: "a", count: 129),
    ])
    func namesLeadNowhereElse(_ name: String) async throws {
        let folder = try Folder()
        let store = try DurableStore("\(folder.path)/store", limit: 100)
        await #expect(throws: FileError.self) { try await store.read(name) }
        await #expect(throws: FileError.self) { try await store.write([1], to: name) }
        await #expect(throws: FileError.self) { try await store.remove(name) }
        #expect(try await store.names() == [])
    }

    @Test func sizesAreBounded() async throws {
        let folder = try Folder()
        let store = try DurableStore(folder.path, limit: 3)
        try await store.write([1, 2, 3], to: "x")
        await #expect(throws: FileError.self) { try await store.write([1, 2, 3, 4], to: "x") }
        #expect(try await store.read("x") == [1, 2, 3])
        try Data([1, 2, 3, 4]).write(to: URL(filePath: "\(folder.path)/x"))
        await #expect(throws: FileError.self) { try await store.read("x") }
        await #expect(throws: FileError.self) { try await store.replace(nil, with: [1], in: "x") }
    }

    @Test func ofManyAtOnceOneReplaces() async throws {
        let folder = try Folder()
        let store = try DurableStore(folder.path, limit: 3)
        for round in UInt8(0)..<20 {
            let old: [UInt8]? = round == 0 ? nil : [round]
            let won = try await withThrowingTaskGroup(of: Bool.self) { group in
                for _ in 0..<8 { group.addTask { try await store.replace(old, with: [round + 1], in: "x") } }
                return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(won == 1)
        }
    }

    // MARK: Faults

    /// What a store promised: a write that returned, and whatever was read, since somebody may have relied on it.
    private struct Promise {
        var kept: Int = -1
        var tried: Int = -1
    }

    /// Every call meets every fault; then the power is cut, and what was promised is there.
    @Test(arguments: Fault.Kind.allCases) func nothingPromisedIsLost(_ kind: Fault.Kind) async throws {
        var struck = 0
        for call in 1...60 {
            for seed in UInt64(0)..<6 {
                let disk = SimulatedDisk()
                var promise = Promise()
                await life(
                    disk.process(Fault(kind, call: call, seed: seed)),
                    &promise,
                    until: seed % 2 == 0 ? .end : .failure
                )
                guard disk.struck != nil else { continue }
                struck += 1
                // Perhaps another process goes on, on what the page cache has, or only reads it; then the device decides.
                if seed % 3 > 0 { await life(disk.process(), &promise, until: seed % 3 == 1 ? .end : .read) }
                disk.cutPower(seed << 32 | UInt64(call))
                let found = try await number(in: DurableStore("/store", limit: 64, on: disk.process()))
                #expect(
                    promise.kept...promise.tried ~= found,
                    "\(kind) at call \(call), seed \(seed): \(found) is there, and \(promise) was promised"
                )
            }
        }
        #expect(struck >= (kind == .shortWrite ? 20 : 200), "the fault struck \(struck) times only")
    }

    private enum End { case read, failure, end }

    /// Opens the store, and reads and counts up, until something fails or beyond that.
    private func life(_ process: SimulatedProcess, _ promise: inout Promise, until end: End) async {
        guard let store = try? DurableStore("/store", limit: 64, on: process) else { return }
        for _ in 0..<4 {
            guard let old = try? await number(in: store) else { continue }
            #expect(promise.kept...max(promise.kept, promise.tried) ~= old, "\(old) was read, behind \(promise)")
            (promise.kept, promise.tried) = (old, max(promise.tried, old))
            if end == .read { return }
            promise.tried = old + 1
            let read = old < 0 ? nil : Array("\(old)".utf8)
            if (try? await store.replace(read, with: Array("\(old + 1)".utf8), in: "x")) == true {
                promise.kept = old + 1
            } else if end == .failure {
                if let visible = try? await number(in: store) { promise.kept = visible }
                return
            }
        }
    }

    private func number(in store: DurableStore) async throws -> Int {
        guard let bytes = try await store.read("x") else { return -1 }
        return try #require(Int(String(decoding: bytes, as: UTF8.self)))
    }
}

/// A folder of a test, removed with it.
private final class Folder {
    let path = "\(LedgerWorld.folder)/traceledger-store-\(UUID())"

    init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }
    deinit { try? FileManager.default.removeItem(atPath: path) }
}
