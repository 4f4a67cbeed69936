import ArgumentParser
import EPCISJSON
import Foundation
import TraceLedger
import TraceProof
import TraceSigning

/// `mirror`: keeps a verified copy of somebody's ledger.
struct MirrorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mirror",
        abstract: "Copy a ledger, checking every byte against what its key signed, and follow it.",
        discussion: """
            Fetches what is new, proves that it extends what is here, checks it to the depth (see fsck), makes it \
            durable and only then moves the copy's checkpoint. Interrupted, it goes on where it was. The copy is a ledger \
            that any static file server can show and that `fsck --repair-from` restores from. A fork, a rollback or a \
            bad statement stops it: both checkpoints and the proof are kept in DIR/evidence. What a registry has to say \
            against an entry (--registry, --policy) is told as an alarm and stops nothing: registries differ in age.

            Examples:
              traceledger mirror https://farm.example/ledger COPY --log-key "$(cat farm.vkey)"
              traceledger mirror https://farm.example/ledger COPY --log-key "$(cat farm.vkey)" --follow
            """
    )

    @Argument(help: ArgumentHelp("The ledger to copy.", valueName: "url|dir")) var source: LedgerLocation
    @Argument(help: "The directory of the copy; it is made where it does not exist.") var directory: LedgerLocation
    @OptionGroup var logKey: LogKeyOption
    @Option(help: "How deep to look before anything is taken over.") var depth = CheckDepth.statements
    @Flag(help: "Go on, asking now and then for what is new, until interrupted.") var follow = false
    @Option(help: ArgumentHelp("With --follow: how long to wait between two askings.", valueName: "seconds"))
    var interval = 10.0
    @OptionGroup var alarms: AlarmOptions
    @Flag(help: "Print one JSON document, with --follow a line an update.") var json = false

    func validate() throws {
        guard interval >= 0.1, interval <= 86_400 else { throw ValidationError("--interval is 0.1 to 86400 seconds") }
    }

    func run() async throws {
        guard let key = logKey.key else {
            throw CommandFailure(.usage, "a mirror needs the key that you trust: pass --log-key VKEY")
        }
        let directory = try directory.directory(for: "the copy of mirror")
        let mirror = Mirror(directory, key: key, depth: depth, checker: SodiumSignatureChecker())
        if follow { return try await follow(mirror) }
        try await show(try await update(mirror))
    }

    /// What the registry has to say against the entries that came.
    private func alarms(_ outcome: Mirror.Outcome) async throws -> [FsckReport.Finding] {
        guard case .advanced(let from, _) = outcome, let key = logKey.key else { return [] }
        let copy = LedgerReader(DirectorySource(directory.text), key: key, checker: SodiumSignatureChecker())
        let found = try await alarms.find(in: copy, from: from) ?? []
        for alarm in found { Console.warning("entry \(alarm.index ?? 0): \(alarm.reason.onOneLine)") }
        return found
    }

    /// One update; what a network did not give counts before what follows from its lack.
    private func update(_ mirror: Mirror) async throws -> Mirror.Outcome {
        // A new one each time: it remembers its first failure.
        let opened = try source.source()
        let bar = ProgressBar("mirroring")
        defer { bar.finish() }
        do {
            return try await mirror.update(from: [opened]) { done, total in bar.update(done, of: total) }
        } catch let error as MirrorStop { throw error } catch {
            if let failure = (opened as? HTTPSource)?.failure { throw failure }
            throw error
        }
    }

    private func show(_ outcome: Mirror.Outcome) async throws {
        let alarms = try await alarms(outcome)
        let (from, head, isNew) =
            switch outcome {
            case .unchanged(let head): (head.size, head, false)
            case .advanced(let from, let to): (from, to, true)
            }
        if json {
            var document = JSONValue.object([
                "from": .number(from), "size": .number(head.size), "root": .text(head.root.description),
                "depth": .text(depth.rawValue),
            ])
            if self.alarms.registry.registry != nil {
                document = document.adding(["alarms": .array(alarms.map(\.document))])
            }
            return follow ? try Console.write(document.serialized(.compact) + [0x0A]) : try Console.json(document)
        }
        let what = isNew ? "\(head.size - from) entries more" : "nothing new"
        try Console.line("\(directory.text): \(what), size \(head.size), root \(head.root)")
    }

    // MARK: Following

    private func follow(_ mirror: Mirror) async throws {
        let work = Task { try await poll(mirror) }
        // A signal ends the waiting, or the update at the next bundle; what is proved stays for the next time.
        let signals = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { work.cancel() }
            source.resume()
            return source
        }
        defer { signals.forEach { $0.cancel() } }
        do { try await work.value } catch is CancellationError {
            Console.note("interrupted; what was verified is kept")
        }
    }

    private func poll(_ mirror: Mirror) async throws {
        var failures = 0
        while true {
            do {
                let outcome = try await update(mirror)
                failures = 0
                if case .advanced = outcome { try await show(outcome) }
            } catch let error as CommandFailure where error.status == .unavailable {
                try Task.checkCancellation()
                failures += 1
                Console.note("\(error.message); trying again")
            }
            // Doubled for each failure up to 64 times, and never two mirrors in step.
            let wait = interval * Double(1 << min(failures, 6)) * Double.random(in: 0.75...1.25)
            try await Task.sleep(for: .seconds(wait))
        }
    }
}
