import EPCIS
import EPCISJSON
import Foundation
import GS1
import TraceProof
import TraceSigning
import TraceStatements

/// Makes item keys, the tree and the commissioning event of a lot.
struct BatchMaker: Sendable {
    let file: SeedsFile
    let gtin: String
    let lot: String?

    /// The maker for these seeds.
    init(_ file: SeedsFile) throws {
        guard let gtin = file.value(ofAI: 1) else { throw CommandFailure(.usage, "\(file.name): there is no column gtin") }
        (self.file, self.gtin, lot) = (file, gtin, file.value(ofAI: 10))
    }

    private static let pieceCount = 1024

    private func pieces() -> () -> Range<Int>? {
        var next = 0
        return {
            guard next < file.items.count else { return nil }
            defer { next += BatchMaker.pieceCount }
            return next..<min(next + BatchMaker.pieceCount, file.items.count)
        }
    }

    /// The public half of each item's key.
    func keys() async throws -> [PublicKey] {
        var keys: [PublicKey] = []
        keys.reserveCapacity(file.items.count)
        let bar = ProgressBar("deriving keys")
        try await OrderedPieces.run(pieces()) { (range: Range<Int>) in
            var derivation = ItemKeys()
            var found: [PublicKey] = []
            for item in file.items[range] {
                let identity: ItemIdentity
                do throws(FormatError) { identity = try ItemIdentity(gtin: gtin, serial: item.serial) } catch {
                    throw CommandFailure(.wrong, "\(file.name), serial number \(item.serial): \(error.reason)")
                }
                found.append(try derivation.publicKey(seed: item.seed, identity: identity.text))
            }
            return found
        } take: { (found: [PublicKey]) in
            keys += found
            bar.update(UInt64(keys.count), of: UInt64(file.items.count))
        }
        bar.finish()
        return keys
    }

    /// The tree over the items.
    func tree(_ keys: [PublicKey], secret: [UInt8]) async throws -> ItemTree {
        var leaves: [ItemLeaf] = []
        leaves.reserveCapacity(keys.count)
        try await OrderedPieces.run(pieces()) { (range: Range<Int>) in
            try range.map { place in
                try ItemLeaf(
                    serial: file.items[place].serial,
                    key: keys[place],
                    salt: ItemLeaf.salt(ofIndex: UInt64(place), secret: secret)
                )
            }
        } take: { (made: [ItemLeaf]) in leaves += made }
        return try ItemTree(leaves)
    }

    /// The commissioning event in JSON: so many of the lot, active.
    func eventJSON(now: String) throws -> [UInt8] {
        let elements = [Element(ai: 1, value: gtin)] + (lot.map { [Element(ai: 10, value: $0)] } ?? [])
        guard let link = try? DigitalLink(elements) else { throw CommandFailure(.usage, "\(file.name): \(gtin) is no GTIN") }
        var ilmd: [JSONMember] = []
        if let lot { ilmd.append(JSONMember("cbvmda:lotNumber", .text(lot))) }
        if let expiry = file.common.first(where: { $0.ai == 17 }), let year = Int(now.prefix(4)),
            let date = try? expiry.date(referenceYear: year)
        {
            let text = String(format: "%04d-%02d-%02d", date.year, date.month, date.effectiveDay)
            ilmd.append(JSONMember("cbvmda:itemExpirationDate", .text(text)))
        }
        var event: JSONValue = .object([
            "type": .text("ObjectEvent"), "eventTime": .text(now), "eventTimeZoneOffset": .text("+00:00"),
            "action": .text("ADD"), "bizStep": .text("commissioning"), "disposition": .text("active"),
            "quantityList": .array([
                .object(["epcClass": .text(link.canonical), "quantity": .number(UInt64(file.items.count))])
            ]),
        ])
        if !ilmd.isEmpty { event = event.adding(["ilmd": JSONValue(.object(ilmd))]) }
        let document: JSONValue = .object([
            "@context": .array([.text("https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld")]),
            "type": .text("EPCISDocument"), "schemaVersion": .text("2.0"), "creationDate": .text(now),
            "epcisBody": .object(["eventList": .array([event])]),
        ])
        return document.serialized(.compact)
    }

    /// The one event of a document, held against the rules, with the tree's root in it.
    func event(_ json: [UInt8], _ tree: ItemTree, named name: String, gate: inout ValidationGate?) throws -> EPCISEvent {
        let document: EPCISDocument
        do { document = try EPCISDocument(json: json) } catch {
            throw CommandFailure(.usage, "\(name), \(error.position): \(error.reason)")
        }
        guard document.events.count == 1, var event = document.events.first?.event else {
            throw CommandFailure(.usage, "\(name): \(document.events.count) events, and the one that commissions the lot is expected")
        }
        guard event.kind == .object, event.action == .add, event.items == nil else {
            throw CommandFailure(.wrong, "\(name): the lot is commissioned by an ObjectEvent with action ADD and no items yet")
        }
        let objects = event.objects.map(\.elements)
        guard !objects.isEmpty, objects.allSatisfy({ $0.contains { $0.ai == 1 && $0.value == gtin } }) else {
            throw CommandFailure(.wrong, "\(name): it is not about \(gtin), the product of the seeds, alone")
        }
        let lots = objects.compactMap { $0.first { $0.ai == 10 }?.value } + [event.lotNumber].compactMap { $0 }
        guard lots.allSatisfy({ $0 == lot }) else {
            throw CommandFailure(.wrong, "\(name): it is about another lot than the seeds, \(lot ?? "which have none")")
        }
        try gate?.check(document, json: json, named: name)
        event.items = ItemTreeRoot(count: tree.count, root: tree.root)
        return event
    }
}
