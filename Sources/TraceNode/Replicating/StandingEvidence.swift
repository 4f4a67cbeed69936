internal import FoundationEssentials
internal import TraceLedger

/// The evidence that lies in a mirror's directory: what stopped it, in this run of the node or an earlier one.
enum StandingEvidence {
    /// The gravest; `nil` where there is none.
    static func find(in directory: String) async -> MirrorAlarm? {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(directory)/evidence")) ?? []
        // The kinds stand in the order of the alphabet: a fork is graver than a rollback, and that than a statement.
        for name in names.sorted() {
            guard let kind = MirrorStop.Kind(rawValue: String(name.prefix { $0 != "-" })) else { continue }
            let path = "evidence/\(name)"
            // It is written last: without it the rest may not be whole, and the next update writes it again.
            guard let reason = try? await DirectorySource(directory).read("\(path)/reason.txt", limit: 1 << 16) else {
                continue
            }
            let text = String(decoding: reason, as: UTF8.self).split(separator: "\n").first ?? ""
            return MirrorAlarm(kind: kind, reason: String(text), evidence: "\(directory)/\(path)")
        }
        return nil
    }
}
