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
        self.coordinate = coordinate
        hashes = Digest.array(bytes)
    }

    /// The tile with these hashes; `nil` where they are not as many as the width of `coordinate`.
    public init?(_ coordinate: TileCoordinate, hashes: [Digest]) {
        guard hashes.count == coordinate.width else { return nil }
        (self.coordinate, self.hashes) = (coordinate, hashes)
    }

    /// The bytes of the tile.
    public var encoded: [UInt8] { unsafe hashes.withUnsafeBytes { unsafe [UInt8]($0) } }

    /// The hash of a full tile, which stands in the level above; `nil` for a partial one, which is never hashed.
    public var root: Digest? { coordinate.isFull ? TreeHash.perfectRoot(hashes[...]) : nil }
}
