/// A hash tile: up to 256 neighbouring nodes of one level (C2SP tlog-tiles).
public struct Tile: Hashable, Sendable {
    /// Which tile; its width is the number of ``hashes``.
    public let coordinate: TileCoordinate
    /// The hashes, left to right.
    public let hashes: [Digest]

    /// The tile at `coordinate` out of its bytes, 32 a hash.
    ///
    /// Throws ``FormatError`` for another number of bytes than the width asks for. What the bytes say is worth nothing
    /// until a proof made from them leads to a signed root.
    public init(_ coordinate: TileCoordinate, decoding bytes: [UInt8]) throws(FormatError) {
        guard bytes.count == coordinate.byteCount else {
            throw FormatError(
                "tile",
                at: .whole,
                "\(bytes.count) bytes where \(coordinate.path) has \(coordinate.byteCount)"
            )
        }
        var hashes: [Digest] = []
        hashes.reserveCapacity(coordinate.width)
        for start in stride(from: 0, to: bytes.count, by: Digest.byteCount) {
            if let hash = Digest(bytes[start..<start + Digest.byteCount]) { hashes.append(hash) }
        }
        self.coordinate = coordinate
        self.hashes = hashes
    }

    /// The tile with these hashes; `nil` where they are not as many as the width of `coordinate`.
    public init?(_ coordinate: TileCoordinate, hashes: [Digest]) {
        guard hashes.count == coordinate.width else { return nil }
        (self.coordinate, self.hashes) = (coordinate, hashes)
    }

    /// The bytes of the tile.
    public var encoded: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(coordinate.byteCount)
        for hash in hashes { unsafe hash.withUnsafeBytes { unsafe bytes.append(contentsOf: $0) } }
        return bytes
    }

    /// The hash of a full tile, which stands in the level above; `nil` for a partial one, which is never hashed.
    public var root: Digest? { coordinate.isFull ? TreeHash.perfectRoot(hashes[...]) : nil }
}
