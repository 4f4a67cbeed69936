extension COSESign1 {
    /// The bytes that are signed: `["Signature1", protected, external_aad, payload]` (RFC 9052 section 4.4).
    ///
    /// - Parameter protected: the content of the protected byte string; the empty map is signed as no bytes.
    public static func sigStructure(
        protected: [UInt8],
        payload: [UInt8],
        externalAAD: [UInt8] = []
    ) -> [UInt8] {
        var writer = CBORWriter(capacity: protected.count + payload.count + externalAAD.count + 32)
        writer.array(4)
        writer.text("Signature1")
        writer.bytes(protected == [0xA0] ? [] : protected)
        writer.bytes(externalAAD)
        writer.bytes(payload)
        return writer.output
    }

    /// The bytes that this message's signature is over.
    ///
    /// - Parameter payload: the payload where it is detached, `nil` where it is attached.
    /// - Throws: ``COSEError/payload`` where that is not so.
    public func sigStructure(
        payload detached: [UInt8]? = nil,
        externalAAD: [UInt8] = []
    ) throws(COSEError) -> [UInt8] {
        guard (payload == nil) != (detached == nil), let content = payload ?? detached else { throw .payload }
        return COSESign1.sigStructure(protected: protected, payload: content, externalAAD: externalAAD)
    }

    /// The signature where the protected header says that it is Ed25519 and it has 64 bytes.
    ///
    /// An algorithm in the unprotected header does not count: nobody signed it.
    public func ed25519Signature() throws(COSEError) -> Signature {
        guard let algorithm = protectedHeader.algorithm, COSEAlgorithm.isEd25519(algorithm) else {
            throw .unsupportedAlgorithm
        }
        guard protectedHeader[COSELabel.critical] == nil, unprotected[COSELabel.critical] == nil else {
            throw .criticalHeader
        }
        guard let signature = Signature(signature) else { throw .signatureLength(signature.count) }
        return signature
    }

    /// Checks the signature under `key`. Whether the key is the right one is the caller's question.
    ///
    /// - Parameters:
    ///   - payload: the payload where it is detached, `nil` where it is attached.
    ///   - externalAAD: bytes that are signed and not sent (RFC 9052 section 4.3).
    /// - Throws: ``COSEError`` with the check that failed.
    public func verify(
        key: PublicKey,
        checker: some SignatureChecker,
        payload: [UInt8]? = nil,
        externalAAD: [UInt8] = []
    ) throws(COSEError) {
        let signature = try ed25519Signature()
        let message = try sigStructure(payload: payload, externalAAD: externalAAD)
        guard checker.isValid(signature, for: message, by: key) else { throw .invalidSignature }
    }

    #if !hasFeature(Embedded)
    /// Signs `payload` under a protected header that the caller has built, with `alg` in it.
    ///
    /// - Parameter isDetached: whether the message leaves the payload out.
    /// - Throws: ``FormatError`` for a bad header, ``COSEError/unsupportedAlgorithm``, and what the signer throws.
    public static func signed(
        protected: [UInt8],
        payload: [UInt8],
        isDetached: Bool = false,
        externalAAD: [UInt8] = [],
        by signer: any Signer
    ) async throws -> COSESign1 {
        guard let algorithm = try header(of: protected).algorithm, COSEAlgorithm.isEd25519(algorithm) else {
            throw COSEError.unsupportedAlgorithm
        }
        let message = sigStructure(protected: protected, payload: payload, externalAAD: externalAAD)
        return try COSESign1(
            protected: protected,
            payload: isDetached ? nil : payload,
            signature: try await signer.signature(for: message)
        )
    }
    #endif
}
