import Foundation
import TestSupport
import Testing

/// Each floor knows only the floors below it (Docs/Architecture.md). These tests read the sources as text, so they hold
/// for what the compiler would let through as well.
@Suite struct FloorTests {
    @Test func everyModuleHasItsRoom() throws {
        #expect(try Set(SourceTree.modules) == Set(rooms.map(\.name)).union(ground))
    }

    @Test func theTableItselfKeepsTheFloors() {
        let floors = Dictionary(uniqueKeysWithValues: rooms.map { ($0.name, $0.floor) })
        for room in rooms {
            for known in room.knows.subtracting(ground) {
                let floor = floors[known] ?? .max
                // EPCISJSON is EPCIS's other half and shares its floor.
                #expect(
                    floor < room.floor || (room.name == "EPCISJSON" && known == "EPCIS"),
                    "\(room.name) on floor \(room.floor) must not know \(known) on floor \(floor)"
                )
            }
        }
    }

    @Test(arguments: rooms.map(\.name))
    func importsStayInTheirRow(_ module: String) throws {
        let room = try #require(rooms.first { $0.name == module })
        let files = try SourceTree.files(of: module)
        #expect(!files.isEmpty)
        for file in files {
            let strangers = file.imports.subtracting(room.knows).subtracting(room.uses)
            #expect(strangers.isEmpty, "\(file) imports \(strangers.sorted())")
        }
    }

    @Test(arguments: rooms.map(\.name))
    func theManifestStatesTheSameGraph(_ module: String) throws {
        let room = try #require(rooms.first { $0.name == module })
        let declared = try #require(try SourceTree.declaredDependencies()[module])
        #expect(declared.isSubset(of: room.knows), "Package.swift gives \(module) too much")
        let own = Set(rooms.map(\.name)).union(ground)
        for file in try SourceTree.files(of: module) {
            let undeclared = file.imports.intersection(own).subtracting(declared)
            #expect(undeclared.isEmpty, "\(file) imports \(undeclared.sorted()), which Package.swift does not give it")
        }
    }

    /// What `TraceVerification` drags along runs in a browser: the standard library and the C hash kernel only.
    @Test func theVerifiersClosureIsPure() throws {
        let declared = try SourceTree.declaredDependencies()
        var closure: Set<String> = ["TraceVerification"]
        while case let next = closure.union(closure.flatMap { declared[$0] ?? [] }), next != closure { closure = next }
        #expect(closure == ["TraceVerification", "TraceStatements", "EPCIS", "GS1", "TraceProof", "CTraceHash"])
        for module in closure.subtracting(ground) {
            let imports = try SourceTree.files(of: module).reduce(into: Set<String>()) { $0.formUnion($1.imports) }
            #expect(imports.isSubset(of: closure), "\(module) imports \(imports.subtracting(closure).sorted())")
        }
    }

    /// Embedded Swift, in which the browser's verifier is built, has no key paths; a build for the browser takes minutes to say so.
    @Test(arguments: ["TraceProof", "GS1", "EPCIS", "TraceStatements", "TraceVerification", "QRReader"])
    func theVerifiersClosureHasNoKeyPaths(_ module: String) throws {
        for file in try SourceTree.files(of: module) {
            for (index, line) in file.lines.enumerated() where !line.drop(while: { $0 == " " }).hasPrefix("//") {
                #expect(!line.contains(/[(,:] ?\\\.[a-z]/), "\(file):\(index + 1): \(line)")
            }
        }
    }

    @Test(arguments: rooms.map(\.name))
    func everyModuleHasALandingPage(_ module: String) throws {
        guard !["traceledger", "tracenode"].contains(module) else { return }  // Programs: their page is their --help.
        let page = SourceTree.root.appending(path: "\(module)/\(module).docc/\(module).md")
        let text = try String(contentsOf: page, encoding: .utf8)
        #expect(text.hasPrefix("# ``\(module)``\n"))
        #expect(text.contains("\n## It must not know\n"))
    }

    /// Outside data must never stop the process, and an unsafe flag would shut out every consumer.
    @Test(arguments: rooms.map(\.name))
    func nothingTrapsOnPurpose(_ module: String) throws {
        for file in try SourceTree.files(of: module) {
            for (index, line) in file.lines.enumerated() where !line.drop(while: { $0 == " " }).hasPrefix("//") {
                #expect(!line.contains(/\btry!|\bas!|\bfatalError\(/), "\(file):\(index + 1): \(line)")
            }
        }
    }

    @Test func theManifestHasNoUnsafeFlags() throws {
        let manifest = try String(contentsOf: Vectors.packageRoot.appending(path: "Package.swift"), encoding: .utf8)
        #expect(!manifest.contains("unsafeFlags"))
    }

    /// The test above it would pass if nothing were found: the reader of imports is tested by itself.
    @Test(arguments: [
        ("import Foundation", "Foundation"), ("  internal import CSodium", "CSodium"),
        ("@preconcurrency public import Dispatch", "Dispatch"),
        ("@_spi(X) import struct NIOCore.ByteBuffer", "NIOCore"),
    ])
    func importsAreSeen(_ line: String, _ module: String) {
        #expect(SourceFile(module: "X", path: "X.swift", lines: [line[...]]).imports == [module])
    }
}
