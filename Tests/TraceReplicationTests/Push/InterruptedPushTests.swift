import TestSupport
import Testing
import TraceLedger
import TraceProof
import TraceReplication

/// Wherever an upload breaks off, what was proved of it stays, and the next one goes on from there.
@Suite("An upload that is interrupted")
struct InterruptedPushTests {
    /// At every byte of the header, around every boundary of a package, and at many others.
    @Test func atEveryByte() async throws {
        let log = try StatementLog.short(600)
        let packages = try log.packages(44, 600)
        let body = try log.body(44, 600)
        var boundaries = [body.count - packages.joined().count]
        for package in packages { boundaries.append(boundaries[boundaries.count - 1] + package.count) }
        var cuts = Set(0...boundaries[0] + 3)
        for boundary in boundaries { cuts.formUnion(boundary - 35...boundary + 2) }
        cuts.formUnion(stride(from: 0, to: body.count, by: 61))
        let service = try world(log, holding: 44)
        for cut in cuts.sorted() where cut < body.count {
            let (world, service) = try await service()
            let whole = boundaries.count { $0 <= cut } - 1
            let answer = await service.endpoints.addEntries(
                Pieces(Array(body[..<cut]), 100, breaks: cut.isMultiple(of: 2))
            )
            let next = min(600, whole * 256)
            if whole < 1 {
                #expect(answer.response.status == 400, "cut at \(cut)")
                #expect(await service.entries(try log.body(44, 600)).status == 200)
            } else {
                #expect(Answer(answer.response) == .info(202, 600, next), "cut at \(cut)")
                #expect(await service.entries(try log.body(next, 600)).status == 200)
            }
            #expect(await world.size() == 600, "cut at \(cut)")
            #expect(world.bytes("tile/entries/002.p/88") != nil && world.bytes("tile/1/000.p/2") != nil)
        }
    }

    /// A mirror that shows the first entries of a log and has the rest of them pending.
    private func world(_ log: StatementLog, holding size: Int) throws -> () async throws -> (PushWorld, PushService) {
        {
            let world = try PushWorld(log.key)
            let service = try world.open()
            #expect(try await service.checkpoint(log, 0, size).status == 200)
            #expect(await service.entries(try log.body(0, size)).status == 200)
            #expect(try await service.checkpoint(log, size, log.size).status == 200)
            return (world, service)
        }
    }

    /// A process that ends remembers which entries it had, and takes up where it was.
    @Test func anotherProcessGoesOn() async throws {
        let log = try StatementLog.short(1500)
        let world = try PushWorld(log.key)
        #expect(try await world.open().checkpoint(log, 0, 1500).status == 200)
        #expect(await (try world.open()).entries(try log.body(0, 1500, first: 3)) == .info(202, 1500, 768))
        #expect(await (try world.open()).entries(log.header(0, 0)) == .info(409, 1500, 768))
        #expect(await (try world.open()).entries(try log.body(768, 1500)).status == 200)
        try await world.expect(log, 1500)
        // One without its record begins again where the mirror is.
        await world.store.put([1, 2, 3], for: OriginHash(log.origin))
        #expect(await (try world.open()).entries(log.header(0, 0)) == .info(409, 1500, 1500))
    }

    /// What was damaged between its upload and the end is uploaded again.
    @Test func damageIsUploadedAgain() async throws {
        let log = try StatementLog.short(700)
        for damage in 0..<4 {
            let world = try PushWorld(log.key)
            let service = try world.open()
            #expect(try await service.checkpoint(log, 0, 700).status == 200)
            #expect(await service.entries(try log.body(0, 700, first: 2)) == .info(202, 700, 512))
            switch damage {
            case 0: try world.write([1], "tile/0/000")
            case 1:
                try world.remove("tile/0/001")
                try world.remove("tile/entries/001")
            case 2:
                var tile = try #require(world.bytes("tile/0/001"))
                tile[40] ^= 1
                try world.write(tile, "tile/0/001")
            default:
                var bundle = try #require(world.bytes("tile/entries/000"))
                bundle[40] ^= 1
                try world.write(bundle, "tile/entries/000")
            }
            let answer = await service.entries(try log.body(512, 700))
            if damage == 0 {
                // A leaf tile is only what its entries say.
                #expect(answer.status == 200)
            } else {
                #expect(answer.status == 409 || answer.status == 500, "\(damage): \(answer)")
                #expect(await world.size() == nil)
                let info = await service.entries(log.header(0, 0))
                if info == .info(409, 0, 0) {
                    #expect(try await service.checkpoint(log, 0, 700).status == 200)
                }
                #expect(await service.entries(try log.body(0, 700)).status == 200, "\(damage)")
            }
            try await world.expect(log, 700)
        }
    }

    /// Any sizes, any pieces, any number of broken connections and processes.
    @Test func anyHistory() async throws {
        for _ in 0..<25 {
            let seed = UInt64.random(in: .min ... .max)
            var generator = SeededGenerator(seed: seed)
            let log = try StatementLog.short(1100)
            let world = try PushWorld(log.key)
            var (service, pending, shown) = (try world.open(), 0, 0)
            for _ in 0..<14 {
                if Int.random(in: 0..<4, using: &generator) == 0 { service = try world.open() }
                if pending < log.size, Bool.random(using: &generator) || pending == shown {
                    let new = Int.random(in: pending + 1...min(log.size, pending + 400), using: &generator)
                    #expect(try await service.checkpoint(log, pending, new).status == 200, "seed \(seed)")
                    pending = new
                }
                let info = try MirrorInfo(bytes: Array(await service.entries(log.header(0, 0)).body.utf8))
                #expect(info.size == UInt64(pending) && info.next >= UInt64(shown), "seed \(seed)")
                let next = Int(info.next)
                let start = max(0, next - Int.random(in: 0...300, using: &generator))
                let body = try log.body(start, pending)
                let cut =
                    Bool.random(using: &generator) ? body.count : Int.random(in: 0...body.count, using: &generator)
                let pieces = Int.random(in: 1...900, using: &generator)
                let answer = await service.entries(Array(body[..<cut]), pieces: pieces)
                #expect([200, 202, 400].contains(answer.status), "seed \(seed): \(answer)")
                if answer.status == 200 { shown = pending }
                #expect(await world.size() ?? 0 == UInt64(shown), "seed \(seed)")
                if answer.status == 200 { try await world.expect(log, shown) }
            }
        }
    }
}
