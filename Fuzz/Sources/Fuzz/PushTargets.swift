import TraceProof
import TraceReplication

/// What a mirror and its clients send to each other.
let pushTargets: [FuzzTarget] = [
    FuzzTarget(name: "AddEntries") { input in
        // The first byte is how long the pieces are in which the body arrives.
        guard let first = input.first else { return }
        let body = Array(input.dropFirst())
        let whole = read(body, pieces: max(1, body.count))
        if read(body, pieces: Int(first) + 1) != whole { finding("a body reads otherwise in pieces") }
        if !body.starts(with: whole) { finding("a package that is not in the body") }
    },
    FuzzTarget(name: "MirrorInfo") { input in
        roundTrip(input, "mirror info") { try MirrorInfo(bytes: $0).bytes }
    },
]

/// What a reader makes of a body, in bytes again.
private func read(_ body: [UInt8], pieces: Int) -> [UInt8] {
    var reader = AddEntriesReader()
    var read: [UInt8] = []
    for start in stride(from: 0, to: body.count, by: pieces) {
        reader.append(body[start..<min(body.count, start + pieces)])
        do {
            if reader.header == nil, let header = try reader.readHeader() { read += header.bytes }
            while let package = try reader.readPackage() { read += package.bytes }
        } catch { return read }
    }
    return read
}
