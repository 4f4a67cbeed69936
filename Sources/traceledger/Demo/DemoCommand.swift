import ArgumentParser
import EPCIS
import EPCISJSON
import Foundation
import TraceLedger
import TraceProof
import TraceSigning
import TraceVerification

/// `traceledger demo`: the whole story on real documents, in words for a quality manager.
struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "The whole story on real input, in under 10 seconds.",
        discussion: """
            Three enterprises of an infant-formula chain sign their events into their own ledgers; one can's story is \
            proved across all three; then a stored byte is flipped, and the checks that catch it are shown; at last \
            ten thousand cans get codes, and one of them is opened and copied.

            Example: traceledger demo --directory /tmp/demo
            """
    )

    @Option(help: "Where to put keys, ledgers and proofs (a new directory; default: a temporary one).")
    var directory: String?

    @Option(help: "The folder with the example documents (default: Docs/Examples of the checkout).")
    var examples: String?

    /// The can whose story is told: Docs/Examples/README.md.
    static let can = "(01)09521102003016(21)HQVR9A2VFX"

    mutating func run() async throws {
        let started = ContinuousClock.now
        let root =
            directory ?? FileManager.default.temporaryDirectory.appending(path: "traceledger-demo-\(UUID())").path
        guard !FileManager.default.fileExists(atPath: root) else {
            throw ValidationError("\(root) exists already: name a new directory with --directory")
        }
        let examples = try examplesFolder()
        print("TraceLedger: one can of infant formula, three enterprises, and no one to trust but arithmetic.\n")

        let enterprises = try await makeEnterprises(root: root)
        var registry = try await enrol(enterprises, root: root)
        try await signAndAppend(enterprises, examples: examples)
        try showRefusals(examples.appending(path: "bad"))
        let anchors = try await registry.anchors(at: DemoEnterprise.now)
        let story = try await tellStory(enterprises, registry, anchors: anchors, root: root)
        try await forge(story, anchors: anchors)
        try await endKeys(enterprises, &registry)
        try await sealCans(enterprises[1], registry, root: root)

        print("9  To look around")
        let step = story[story.count / 2]
        let program = CommandLine.arguments.first ?? "traceledger"
        print("   \(program) inspect \(root)/\(step.proofPath)")
        print("   \(program) verify \(root)/\(step.proofPath) \\")
        print("       --policy \(root)/policy --registry \(root)/registry.pack")
        print("   \(program) stamp verify \(root)/can.png --item-proof \(root)/can.proof \\")
        print("       --policy \(root)/policy --registry \(root)/registry.pack")
        print("   \(program) enrol list \(root)/registry.pack --policy \(root)/policy")
        print("   \(program) fsck \(step.enterprise.directory)")
        print("   \(program) export \(step.enterprise.directory) | less")
        print("\nDone in \(Demo.seconds(ContinuousClock.now - started)).")
    }

    /// The documents beside the working directory, or those of the checkout that this program was built from.
    private func examplesFolder() throws -> URL {
        let candidates =
            examples.map { [URL(filePath: $0)] }
            ?? [
                URL(filePath: "Docs/Examples"),
                URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
                    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Docs/Examples"),
            ]
        for candidate in candidates where FileManager.default.fileExists(atPath: candidate.path + "/1-farm") {
            return candidate
        }
        throw ValidationError(
            "the example documents are not at \(candidates[0].path): name their folder with --examples"
        )
    }

    private func makeEnterprises(root: String) async throws -> [DemoEnterprise] {
        print("1  Three enterprises, each with its own signing key and its own ledger")
        var enterprises: [DemoEnterprise] = []
        for profile in DemoEnterprise.profiles {
            let enterprise = try await DemoEnterprise(profile, root: root)
            print("   \(enterprise.name) (GLN \(enterprise.gln)) writes \(enterprise.ledger.information.origin)")
            enterprises.append(enterprise)
        }
        print(
            "   Nobody else can write into these ledgers, and not even their owners can change what stands in them."
        )
        return enterprises
    }

    /// An authority says whose keys these are, in a ledger of its own.
    private func enrol(_ enterprises: [DemoEnterprise], root: String) async throws -> DemoRegistry {
        var registry = try await DemoRegistry(root: root)
        for (enterprise, role) in zip(enterprises, ["producer", "processor", "distributor"]) {
            try await registry.enrol(enterprise, role: role)
        }
        print("   An authority enrols them in \(DemoRegistry.origin): whose key is whose, signed and logged too;")
        print("   who verifies needs one line of policy for it, and the registry in one file.\n")
        return registry
    }

    private func signAndAppend(_ enterprises: [DemoEnterprise], examples: URL) async throws {
        print("2  Their events are read, signed and appended: durable and published before a line is printed")
        let started = ContinuousClock.now
        var total = DemoSizes()
        for enterprise in enterprises {
            let folder = examples.appending(path: enterprise.folder)
            for file in try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
            where file.hasSuffix(".json") {
                let sizes = try await enterprise.append(document: folder.appending(path: file))
                print("   \(Demo.pad("\(enterprise.folder)/\(file)", 44)) \(sizes.summary)")
                total += sizes
            }
        }
        print("   \(Demo.pad("together", 44)) \(total.summary)")
        print("   in \(Demo.seconds(ContinuousClock.now - started)), each signature included in the bytes.\n")
    }

    /// What is wrong is refused before it is signed, with the place and the remedy.
    private func showRefusals(_ folder: URL) throws {
        print("3  What is wrong is refused before it is signed, and nothing of that document is kept")
        for file in try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        where file.hasSuffix(".json") {
            var validator = DocumentValidator(EventValidator(now: Timestamp(Time.text(DemoEnterprise.now))))
            let bytes = [UInt8](try Data(contentsOf: folder.appending(path: file)))
            let problems = try validator.validate(json: bytes, named: file).problems
            for problem in problems { print("   \(problem)") }
            if problems.isEmpty { print("   \(file): accepted, which it should not be") }
        }
        print("")
    }
}

/// How the demo writes numbers.
enum Demo {
    static func seconds(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        return "\((Double(seconds) + Double(attoseconds) / 1e18).formatted(.number.precision(.fractionLength(2)))) s"
    }

    static func pad(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }

    static func bytes(_ count: Int) -> String { "\(count.formatted(.number.locale(Locale(identifier: "en")))) B" }
}
