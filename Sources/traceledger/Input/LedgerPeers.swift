import ArgumentParser
import Foundation
import TraceLedger
import TraceProof

/// Whom a ledger asks before it is written into: named at `init`, remembered in `state/peers`.
enum LedgerPeers {
    /// Those that `--policy` and `--mirror` name; `nil` where neither was given.
    static func named(policy path: String?, mirrors: [LedgerLocation]) throws -> PeerList? {
        guard path != nil || !mirrors.isEmpty else { return nil }
        var policy: TrustPolicy?
        if let path {
            let file = try InputFile(path, limit: TrustPolicy.maximumByteCount)
            do { policy = try TrustPolicy(bytes: file.bytes) } catch {
                throw CommandFailure(.usage, "\(file.name): \(error)")
            }
        }
        // Absolute: the ledger is opened from other directories.
        let names = mirrors.map { $0.isURL ? $0.text : URL(fileURLWithPath: $0.text).standardizedFileURL.path }
        do { return try PeerList(mirrors: names, policy: policy) } catch {
            throw CommandFailure(.usage, "\(path ?? "--policy"): \(error)")
        }
    }

    /// Those that a directory remembers, ready to be asked.
    static func remembered(in directory: String, isOffline: Bool) throws -> RestoreCheck.Peers {
        guard let list = try PeerList.load(from: directory) else { return RestoreCheck.Peers() }
        var mirrors: [any CheckpointPeer] = []
        for name in list.mirrors {
            guard let location = LedgerLocation(argument: name) else {
                throw CommandFailure(.usage, "\(directory)/state/peers: \(name) is neither a directory nor a URL")
            }
            mirrors.append(MirrorPeer(try location.source()))
        }
        var witnesses: [Int: any CheckpointPeer] = [:]
        for (place, witness) in (list.policy?.witnesses ?? []).enumerated() {
            guard let url = witness.url?.description else { continue }
            witnesses[place] = WitnessPeer(try HTTPSource(url))
        }
        return RestoreCheck.Peers(mirrors: mirrors, witnesses: witnesses, policy: list.policy, isOffline: isOffline)
    }
}
