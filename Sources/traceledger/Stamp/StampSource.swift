/// What is to be signed, in pieces: the rows of a CSV, or one item so many times.
struct StampSource {
    /// A part of the work that one core does at a time.
    struct Piece: Sendable {
        enum Items: Sendable {
            case rows(CSVPiece)
            /// The item of the options, so many times.
            case copies(Int)
        }

        let items: Items
        /// The lines that an earlier run wrote of its first items.
        var standing: [UInt8] = []

        var count: Int {
            switch items {
            case .rows(let piece): piece.rowCount
            case .copies(let count): count
            }
        }
    }

    private var pieces: CSVPieces?
    private var copies = 0
    /// How many items there are; 0 where that is not known before.
    var total = 0

    private static let pieceCount = 512

    /// The rows of a CSV.
    init(_ pieces: CSVPieces) { self.pieces = pieces }

    /// The item of the options, `count` times.
    init(count: Int) { (copies, total) = (count, count) }

    /// The next piece; `nil` after the last.
    mutating func next() throws -> Piece? {
        if pieces != nil { return try pieces?.next().map { Piece(items: .rows($0)) } }
        guard copies > 0 else { return nil }
        let count = min(copies, StampSource.pieceCount)
        copies -= count
        return Piece(items: .copies(count))
    }

    /// The next piece with what an earlier run wrote of it.
    mutating func next(standing sink: inout StampSink) throws -> Piece? {
        guard var piece = try next() else { return nil }
        piece.standing = try sink.standing(piece.count)
        return piece
    }
}
