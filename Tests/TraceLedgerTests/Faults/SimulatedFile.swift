import TestSupport

/// A regular file of the simulated disk: what every process sees, what is on the device, and what is in between.
///
/// The device writes sectors whole. A page that was written is on its way until it is synchronized; a power cut meanwhile
/// finds any of its sectors new and any old.
struct SimulatedFile: Sendable {
    static let sector = 512
    static let page = 4096

    /// One change that is not synchronized yet.
    private enum Change {
        case write(offset: Int, bytes: [UInt8])
        case length(Int)
    }

    /// What reads give.
    private(set) var bytes: [UInt8] = []
    /// What is on the device.
    private var durable: [UInt8] = []
    private var pending: [Change] = []
    /// Whether a failed synchronization dropped pages: they are clean then, and not on the device.
    private var isLossy = false

    mutating func write(_ new: some Collection<UInt8>, at offset: Int) {
        SimulatedFile.write(new, at: offset, into: &bytes)
        pending.append(.write(offset: offset, bytes: Array(new)))
    }

    mutating func truncate(to length: Int) {
        guard length != bytes.count else { return }
        SimulatedFile.truncate(&bytes, to: length)
        pending.append(.length(length))
    }

    /// Everything that is dirty reaches the device: whole pages, with the length.
    mutating func synchronize() {
        defer { pending = [] }
        guard isLossy else {
            durable = bytes
            return
        }
        guard !pending.isEmpty else { return }
        SimulatedFile.truncate(&durable, to: bytes.count)
        for case .write(let offset, let written) in pending where !written.isEmpty {
            let end = min(
                bytes.count,
                (offset + written.count + SimulatedFile.page - 1) / SimulatedFile.page * SimulatedFile.page
            )
            let start = min(end, offset / SimulatedFile.page * SimulatedFile.page)
            durable.replaceSubrange(start..<end, with: bytes[start..<end])
        }
    }

    /// A synchronization failed: some sectors reached the device, the kernel forgets about the others and leaves what
    /// processes see as it is. The next synchronization has nothing to complain of.
    mutating func lose(_ random: inout SeededGenerator) {
        guard !pending.isEmpty else { return }
        durable = torn(&random)
        pending = []
        isLossy = true
    }

    /// The power is cut: what is found afterwards is both what processes see and what is on the device.
    mutating func cut(_ random: inout SeededGenerator) {
        bytes = pending.isEmpty ? durable : torn(&random)
        durable = bytes
        pending = []
        isLossy = false
    }

    /// What the device may hold: a length that the file had at some moment, and each sector as it was at some moment.
    private func torn(_ random: inout SeededGenerator) -> [UInt8] {
        var versions = [durable]
        for change in pending {
            var next = versions[versions.count - 1]
            switch change {
            case .write(let offset, let bytes): SimulatedFile.write(bytes, at: offset, into: &next)
            case .length(let length): SimulatedFile.truncate(&next, to: length)
            }
            versions.append(next)
        }
        let last = versions.count - 1
        let mode = Int.random(in: 0..<8, using: &random)
        if mode == 0 { return versions[0] }
        if mode == 1 && !isLossy { return versions[last] }
        let moment = Int.random(in: 0...last, using: &random)
        // Blocks that a truncation freed do not come back, and what was written behind one that is lost is lost with it.
        let isShrinking = versions.indices.map { $0 > 0 && versions[$0].count < versions[$0 - 1].count }
        let first = isShrinking.indices.last { $0 <= moment && isShrinking[$0] } ?? 0
        let end = isShrinking.indices.first { $0 > moment && isShrinking[$0] } ?? versions.count
        var result = [UInt8](repeating: 0, count: versions[moment].count)
        var prefix = Int.random(in: 0...max(1, result.count / SimulatedFile.sector), using: &random)
        for start in stride(from: 0, to: result.count, by: SimulatedFile.sector) {
            let version: Int
            switch mode {
            case 2, 3:
                // In order, as far as it came.
                version = prefix > 0 ? end - 1 : first
                prefix -= 1
            default: version = Int.random(in: first..<end, using: &random)
            }
            let stop = min(start + SimulatedFile.sector, result.count, versions[version].count)
            if start < stop { result.replaceSubrange(start..<stop, with: versions[version][start..<stop]) }
        }
        return result
    }

    private static func write(_ new: some Collection<UInt8>, at offset: Int, into bytes: inout [UInt8]) {
        if bytes.count < offset + new.count { truncate(&bytes, to: offset + new.count) }
        bytes.replaceSubrange(offset..<offset + new.count, with: new)
    }

    private static func truncate(_ bytes: inout [UInt8], to length: Int) {
        if bytes.count > length {
            bytes.removeSubrange(length...)
        } else {
            bytes += repeatElement(0, count: length - bytes.count)
        }
    }
}

/// A directory of the simulated disk. Names change in an order, and a power cut finds the changes up to some moment.
struct SimulatedDirectory: Sendable {
    /// What becomes of names in one step: a rename is two of them.
    typealias Change = [(name: String, node: Int?)]

    /// The names that every process sees, and what they stand for.
    private(set) var entries: [String: Int] = [:]
    private var durable: [String: Int] = [:]
    private var pending: [Change] = []

    mutating func change(_ change: Change) {
        SimulatedDirectory.apply(change, to: &entries)
        pending.append(change)
    }

    mutating func synchronize() {
        durable = entries
        pending = []
    }

    /// The power is cut.
    mutating func cut(_ random: inout SeededGenerator) {
        let kept =
            [0, pending.count, Int.random(in: 0...pending.count, using: &random)].randomElement(using: &random) ?? 0
        entries = durable
        for change in pending[..<kept] { SimulatedDirectory.apply(change, to: &entries) }
        synchronize()
    }

    private static func apply(_ change: Change, to entries: inout [String: Int]) {
        for (name, node) in change { entries[name] = node }
    }
}
