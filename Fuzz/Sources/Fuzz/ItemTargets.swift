import TraceProof
import TraceStatements

/// What anybody may send: openings of packs, which need no account.
let itemTargets: [FuzzTarget] = [
    FuzzTarget(name: "Activation") { input in
        roundTrip(input, "activation") { try Activation(decoding: $0).encoded }
        roundTrip(input, "item proof") { try ItemProof(decoding: $0).encoded }
        _ = CommissionedItems.mayStand(in: input[...])
        guard let statement = try? Statement(decoding: input) else { return }
        if let items = CommissionedItems(of: statement) {
            if !CommissionedItems.mayStand(in: input[...]) { finding("an item tree that the quick look misses") }
            if items.gtin.utf8.count != 14 { finding("items of a GTIN that is none") }
        }
        guard let claim = try? ActivationClaim(statement) else { return }
        _ = try? claim.checkSignature(of: statement, checker: AnySignature())
        _ = try? claim.check(against: nil)
        if ItemIdentity(text: claim.item.text) != claim.item { finding("an item changes through its text") }
    }
]
