import Testing

@testable import TraceNode

/// What clients may use is bounded.
@Suite struct LimitsTests {
    private let start = ContinuousClock.now

    @Test func aBucketGivesItsRateAndItsBurst() {
        let bucket = TokenBucket(rate: 2, burst: 3)
        let now = start + .seconds(1)
        #expect((0..<3).allSatisfy { _ in bucket.take(now: now) == nil })
        #expect(bucket.take(now: now) == 0.5)
        #expect(bucket.take(now: now + .milliseconds(500)) == nil)
        #expect(bucket.take(now: now + .milliseconds(500)) != nil)
        // A clock that goes back gives nothing away.
        #expect(bucket.take(now: start) != nil)
        #expect(bucket.isFull(now: now + .seconds(10)))
    }

    @Test func aQuotaIsADays() throws {
        let token = NodeConfiguration.Token(name: "t", secret: .file("f"), rate: nil, quota: 10)
        let bearer = try #require(BearerToken(token, value: "0123456789abcdef"))
        #expect(bearer.charge(6, now: 86_400))
        #expect(!bearer.charge(5, now: 86_401))
        #expect(bearer.charge(4, now: 2 * 86_400 - 1))
        #expect(!bearer.charge(1, now: 2 * 86_400 - 1))
        #expect(bearer.charge(10, now: 2 * 86_400))
        #expect(!bearer.charge(.max, now: 3 * 86_400))
    }

    @Test func anAddressHasItsOwnRateAndItsOwnConnections() {
        let rates = AddressRates(rate: 1)
        #expect(rates.take("192.0.2.1", now: start) == nil)
        #expect(rates.take("192.0.2.1", now: start) != nil)
        #expect(rates.take("192.0.2.2", now: start) == nil)
        #expect((0..<10).allSatisfy { _ in AddressRates(rate: 0).take("a", now: start) == nil })

        let counter = ConnectionCounter(limit: 2)
        #expect(counter.enter("a") && counter.enter("a") && !counter.enter("a") && counter.enter("b"))
        counter.leave("a")
        #expect(counter.enter("a") && counter.total == 3)
    }

    /// A flood of addresses does not grow the table without end, and whoever was quiet is forgotten.
    @Test func addressesAreBounded() {
        let rates = AddressRates(rate: 1)
        for number in 0..<12_000 { _ = rates.take("\(number)", now: start) }
        // The newcomers share one bucket now.
        #expect(rates.take("new", now: start) != nil)
        #expect(rates.take("new", now: start + .seconds(5)) == nil)
    }

    @Test func gzipIsUndonePieceByPieceAndBounded() throws {
        let bytes = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 / 100) }
        let compressed = try #require(TraceNode.Gzip.compressed(bytes))
        #expect(compressed.count < bytes.count / 10)
        var reader = GzipReader(limit: bytes.count)
        var read: [UInt8] = []
        for start in stride(from: 0, to: compressed.count, by: 7) {
            read += try reader.read(Array(compressed[start..<min(start + 7, compressed.count)]))
        }
        #expect(read == bytes)
        let isComplete = reader.isComplete
        #expect(isComplete)

        var bounded = GzipReader(limit: bytes.count - 1)
        #expect(throws: TraceNode.Gzip.Failure.tooLong) { _ = try bounded.read(compressed) }
        var cut = GzipReader(limit: bytes.count)
        _ = try cut.read(Array(compressed.dropLast()))
        let isCut = !cut.isComplete
        #expect(isCut)
        var behind = GzipReader(limit: bytes.count)
        #expect(throws: TraceNode.Gzip.Failure.malformed) { _ = try behind.read(compressed + [0]) }
        var other = GzipReader(limit: 100)
        #expect(throws: TraceNode.Gzip.Failure.malformed) { _ = try other.read(Array("not gzip".utf8)) }
        #expect(TraceNode.Gzip.compressed((0..<64).map { _ in UInt8.random(in: 0...255) }) == nil)
    }

    @Test func theCacheStaysWithinItsBytes() {
        let cache = ResourceCache(limit: 100_000)
        for number in 0..<100 {
            cache.insert(
                ImmutableResource([UInt8](repeating: 1, count: 8192), type: "t", compresses: false),
                at: "\(number)"
            )
            _ = cache.find("0")
            #expect(cache.byteCount <= 100_000)
        }
        // What is asked for all the time stays.
        #expect(cache.find("0") != nil)
        #expect(cache.find("1") == nil)
    }
}
