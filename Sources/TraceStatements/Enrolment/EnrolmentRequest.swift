public import TraceProof

/// What an enterprise hands to an authority: the enrolment that it asks for, signed by a key of its own.
///
/// A first enrolment is signed by the first key in it; everything else by a key that the registry has for the party, or by
/// the new key alone, and then the authority has to make sure of the party by other means.
public struct EnrolmentRequest: Hashable, Sendable {
    /// The file's envelope.
    public static let file = TravellingFile(name: "traceledger/enrolment-request", version: 1)

    /// The origin of the registry's ledger: a request serves no other.
    public let registry: String
    /// When it was made, in seconds since 1970, as the requester claims.
    public let created: UInt64
    /// What is asked for. The authority decides what becomes of it.
    public let enrolment: Enrolment
    /// Who signed the request.
    public let signer: PublicKey
    /// Over ``signedBytes``.
    public let signature: Signature

    /// What is signed: everything but the signature.
    public var signedBytes: [UInt8] {
        EnrolmentRequest.message(registry, created, enrolment, signer)
    }

    private static func message(
        _ registry: String,
        _ created: UInt64,
        _ enrolment: Enrolment,
        _ signer: PublicKey
    ) -> [UInt8] {
        var writer = CBORWriter()
        writer.array(4)
        write(registry, created, enrolment, signer, to: &writer)
        return Array("traceledger/enrolment-request/v1\n".utf8) + writer.output
    }

    private static func write(
        _ registry: String,
        _ created: UInt64,
        _ enrolment: Enrolment,
        _ signer: PublicKey,
        to writer: inout CBORWriter
    ) {
        writer.text(registry)
        writer.unsigned(created)
        writer.bytes(enrolment.encoded)
        writer.bytes(signer.bytes)
    }

    #if !hasFeature(Embedded)
    /// A request signed by `signer`. Throws what the signer throws.
    public static func signed(
        registry: String,
        created: UInt64,
        _ enrolment: Enrolment,
        by signer: any Signer
    ) async throws -> EnrolmentRequest {
        let signature = try await signer.signature(for: message(registry, created, enrolment, signer.publicKey))
        return EnrolmentRequest(
            registry: registry,
            created: created,
            enrolment: enrolment,
            signer: signer.publicKey,
            signature: signature
        )
    }
    #endif

    private init(
        registry: String,
        created: UInt64,
        enrolment: Enrolment,
        signer: PublicKey,
        signature: Signature
    ) {
        (self.registry, self.created, self.enrolment) = (registry, created, enrolment)
        (self.signer, self.signature) = (signer, signature)
    }

    /// What is wrong with the signatures in it: the requester's, the proofs of possession and the old key's consent; `nil`
    /// where all hold.
    public func problem(checker: some SignatureChecker) -> String? {
        guard checker.isValidPoint(signer.bytes), checker.admits(signature, for: signedBytes, by: signer) else {
            return "the request was altered, or not signed by the key with kid \(KeyID(of: signer))"
        }
        for grant in enrolment.action.grants
        where !grant.isPossessed(registry: registry, party: enrolment.party, checker: checker) {
            return "whoever made this did not have the key with kid \(KeyID(of: grant.key)): its proof of possession "
                + "does not verify"
        }
        guard enrolment.hasConsent(registry: registry, checker: checker) else {
            return "the old key did not consent to its rotation"
        }
        return nil
    }
}

extension EnrolmentRequest {
    /// The file's bytes.
    public var encoded: [UInt8] {
        EnrolmentRequest.file.encoded { writer in
            writer.array(5)
            EnrolmentRequest.write(registry, created, enrolment, signer, to: &writer)
            writer.bytes(signature.bytes)
        }
    }

    /// Reads a request. No signature is verified: ``problem(checker:)`` does.
    public init(decoding bytes: [UInt8]) throws(FormatError) {
        var reader = try EnrolmentRequest.file.content(of: bytes)
        try reader.array(count: 5)
        let start = reader
        let registry = try reader.text()
        let created = try reader.unsigned()
        let payload = reader
        let enrolment: Enrolment
        do { enrolment = try Enrolment(decoding: try reader.byteString()) } catch {
            throw payload.refuse(error.description)
        }
        guard let signer = PublicKey(try reader.byteString(count: PublicKey.byteCount)),
            let signature = Signature(try reader.byteString(count: Signature.byteCount)), created <= TreeSize.maximum,
            (1...StatementHeader.maximumTextLength).contains(registry.utf8.count)
        else { throw start.refuse("the registry is empty or too long, or the time is above 2^63-1") }
        self.init(registry: registry, created: created, enrolment: enrolment, signer: signer, signature: signature)
    }
}
