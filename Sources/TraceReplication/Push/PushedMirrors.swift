public import TraceProof

/// The two endpoints of a mirror (C2SP tlog-mirror), for all logs that it takes.
public struct PushedMirrors: Sendable {
    private let mirrors: [OriginHash: PushedMirror]

    /// The endpoints for these mirrors, each of a log of its own.
    public init(_ mirrors: [PushedMirror]) {
        self.mirrors = Dictionary(mirrors.map { (OriginHash($0.origin), $0) }) { first, _ in first }
    }

    /// What came of an upload.
    public struct Outcome: Sendable {
        /// What to send.
        public let response: PeerResponse
        /// The log, where the header named one that is known.
        public let origin: String?
        /// How many packages were proved.
        public let packages: UInt64
        /// What the mirror shows now, where the upload was complete.
        public let shown: TreeHead?
        /// What went wrong here and not with the client, for the operator.
        public let failure: String?
    }

    /// Answers a body of `POST <submission prefix>/add-checkpoint`.
    @concurrent public func addCheckpoint(_ body: [UInt8]) async -> CheckpointRegister.Outcome {
        do throws(FormatError) {
            let origin = try WitnessRequest(bytes: body).checkpoint.checkpoint.origin
            if let mirror = mirrors[OriginHash(origin)] { return await mirror.addCheckpoint(body) }
            return PushedMirrors.refused(.unknownLog(origin: origin))
        } catch { return PushedMirrors.refused(.malformed(error)) }
    }

    private static func refused(_ refusal: WitnessRefusal) -> CheckpointRegister.Outcome {
        CheckpointRegister.Outcome(response: refusal.response, recorded: nil, refusal: refusal)
    }

    /// Answers a body of `POST <submission prefix>/add-entries`, of the media type ``AddEntriesHeader/contentType`` and with
    /// any compression undone.
    ///
    /// It reads no further than it must: the answer may be there before the whole body is, and the rest is to be thrown
    /// away. A body that throws has ended there: what it brought before is kept.
    @concurrent public func addEntries<Body: AsyncSequence & Sendable>(_ body: Body) async -> Outcome
    where Body.Element: Collection<UInt8> {
        var stream = PackageStream(body.makeAsyncIterator())
        var origin: String?
        do throws(PushRefusal) {
            let header = try await stream.header()
            guard let mirror = mirrors[OriginHash(header.origin)] else { throw .unknownLog }
            origin = header.origin
            let checkpoint = try await mirror.begin(header)
            try await PushedMirrors.take(&stream, of: header, against: checkpoint.checkpoint.head, into: mirror)
            let (lines, head) = try await mirror.finish(checkpoint)
            let response = PeerResponse(
                status: 200,
                contentType: WitnessRequest.contentType,
                body: lines.flatMap { $0.line }
            )
            return Outcome(
                response: response,
                origin: origin,
                packages: stream.packages,
                shown: head,
                failure: nil
            )
        } catch {
            var failure: String?
            if case .failed(let reason) = error { failure = reason }
            return Outcome(
                response: error.response,
                origin: origin,
                packages: stream.packages,
                shown: nil,
                failure: failure
            )
        }
    }

    /// Proves and keeps package after package, to the end of the sequence.
    private static func take<Iterator>(
        _ stream: inout PackageStream<Iterator>,
        of header: AddEntriesHeader,
        against head: TreeHead,
        into mirror: PushedMirror
    ) async throws(PushRefusal) {
        while let package = await stream.package() {
            let leading = package.start > package.first ? try await mirror.leading(package) : nil
            let proved: (bundle: EntryBundle, leaves: [Digest])
            do { proved = try package.proved(behind: leading, in: head) } catch {
                // What was proved before stays.
                _ = try await mirror.settle()
                throw .unprovable("the entries from \(package.start) on are not proved to be in the tree: \(error)")
            }
            try await mirror.keep(proved.bundle, proved.leaves, from: package.first)
            stream.proved()
        }
        guard !stream.isFinished else { return }
        let (state, next) = try await mirror.settle()
        guard stream.packages > 0 else {
            throw .malformed(stream.problem ?? "the body ends before the first package does")
        }
        throw .incomplete(try PushedMirror.info(state, next, for: header.end))
    }
}

/// The packages in a body, one after the other as they arrive.
struct PackageStream<Iterator: AsyncIteratorProtocol> where Iterator.Element: Collection<UInt8> {
    private var chunks: Iterator
    private var reader = AddEntriesReader()
    /// How many packages were proved.
    private(set) var packages: UInt64 = 0
    /// Why nothing more can be read, where it is not that the body ended.
    private(set) var problem: String?

    init(_ chunks: Iterator) { self.chunks = chunks }

    var isFinished: Bool { reader.isFinished }

    mutating func proved() { packages += 1 }

    mutating func header() async throws(PushRefusal) -> AddEntriesHeader {
        do throws(FormatError) {
            while true {
                if let header = try reader.readHeader() { return header }
                guard await fill() else { throw AddEntriesHeader.refusal("the body ends before the header does") }
            }
        } catch { throw .malformed(error.description) }
    }

    /// The next package; `nil` where there is none that is whole.
    mutating func package() async -> EntryPackage? {
        do throws(FormatError) {
            while true {
                if let package = try reader.readPackage() { return package }
                guard !reader.isFinished, await fill() else { return nil }
            }
        } catch {
            problem = error.description
            return nil
        }
    }

    private mutating func fill() async -> Bool {
        guard let chunk = try? await chunks.next(isolation: #isolation) else { return false }
        reader.append(chunk)
        return true
    }
}
