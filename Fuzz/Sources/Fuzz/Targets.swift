import TraceProof

/// Every decoder that outside bytes reach.
let targets = [
    FuzzTarget(name: "CBOR") { input in
        roundTrip(input, "CBOR") { try CBORValue(decoding: $0).encoded() }
        _ = try? CBORDiagnostic.text(of: input, pretty: true)
        var sequence = CBORSequence(input)
        while let item = try? sequence.next() { _ = item }
    },
]
