import Foundation
import TestSupport
import Testing
import TraceProof
import TraceSigning

/// The one rule of this project against the public edge cases: canonical S, A and R, none of small order, no cofactor.
@Suite("Signature rule")
struct SignatureRuleTests {
    let checker = SodiumSignatureChecker()

    @Test("The identity key with an all-zero S, which others accept for any message, is refused")
    func identityKey() throws {
        let identity: [UInt8] = [1] + [UInt8](repeating: 0, count: 31)
        let key = try #require(PublicKey(identity))
        let signature = try #require(Signature(identity + [UInt8](repeating: 0, count: 32)))
        for message: [UInt8] in [[], [1, 2, 3]] {
            #expect(EdwardsRule.holds(signature, for: message, by: key), "the equation itself holds")
            #expect(!checker.isValid(signature, for: message, by: key))
            #expect(!checker.admits(signature, for: message, by: key))
        }
        #expect(!checker.isValidPoint(identity))
    }

    @Test("Points: the base point is good; mixed order, small order, non-canonical and wrong lengths are not")
    func points() {
        let base = [0x58] + [UInt8](repeating: 0x66, count: 31)
        #expect(checker.isValidPoint(base))
        #expect(EdwardsRule.isInSubgroup(base))
        #expect(!checker.isValidPoint(EdwardsRule.basePlusOrderTwo), "CVE-2025-69277")
        #expect(!EdwardsRule.isInSubgroup(EdwardsRule.basePlusOrderTwo))
        #expect(!checker.isValidPoint([UInt8](repeating: 0, count: 32)))
        #expect(!checker.isValidPoint([0xEE] + [UInt8](repeating: 0xFF, count: 30) + [0x7F]), "y = p + 1")
        for count in [0, 31, 33, 64] { #expect(!checker.isValidPoint(Array((base + base + base).prefix(count)))) }
    }

    @Test("A signature that only cofactored libraries accept is refused, whichever is installed")
    func cofactor() throws {
        let probe = EdwardsRule.residueProbe
        let key = try #require(PublicKey(probe.key))
        let signature = try #require(Signature(probe.signature))
        #expect(checker.isValidPoint(probe.key))
        #expect(!checker.isValid(signature, for: probe.message, by: key))
        #expect(!checker.admits(signature, for: probe.message, by: key))
        #expect(!EdwardsRule.holds(signature, for: probe.message, by: key))
        print(
            "libsodium: cofactored \(EdwardsRule.libraryIgnoresCofactor), CVE-2025-69277 \(EdwardsRule.libraryAdmitsOrderTwo)"
        )
    }

    @Test("Wycheproof", .enabled(if: Vectors.present, "\(Vectors.absentMessage)"))
    func wycheproof() throws {
        struct File: Decodable {
            struct Group: Decodable {
                struct Key: Decodable { let pk: String }
                struct Case: Decodable { let tcId: Int, msg: String, sig: String, result: String }
                let publicKey: Key, publicKeyPem: String, tests: [Case]
            }
            let testGroups: [Group]
        }
        let data = try Vectors.bytes("wycheproof/testvectors_v1/ed25519_test.json")
        var counts = [false: 0, true: 0]
        for group in try JSONDecoder().decode(File.self, from: Data(data)).testGroups {
            let key = try #require(Hex.decode(group.publicKey.pk).flatMap { PublicKey($0) })
            #expect(try PublicKey(pem: Array(group.publicKeyPem.utf8)) == key)
            for test in group.tests {
                let message = try #require(Hex.decode(test.msg))
                let isExpected = test.result == "valid"
                let signature = try Signature(#require(Hex.decode(test.sig)))
                let isValid = signature.map { checker.isValid($0, for: message, by: key) } ?? false
                let isAdmitted = signature.map { checker.admits($0, for: message, by: key) } ?? false
                #expect(isValid == isExpected && isAdmitted == isExpected, "tcId \(test.tcId)")
                counts[isValid, default: 0] += 1
            }
        }
        print("Wycheproof: \(counts[true] ?? 0) valid, \(counts[false] ?? 0) refused")
        #expect((counts[true] ?? 0) > 0 && (counts[false] ?? 0) > 0)
    }

    @Test(
        "ed25519-speccheck: of the twelve cases libsodium accepts number 3 alone",
        .enabled(if: Vectors.present, "\(Vectors.absentMessage)")
    )
    func speccheck() throws {
        struct Case: Decodable { let message: String, pub_key: String, signature: String }
        let cases = try JSONDecoder().decode([Case].self, from: Data(Vectors.bytes("ed25519-speccheck/cases.json")))
        var accepted: [Int] = []
        for (index, test) in cases.enumerated() {
            let key = try #require(Hex.decode(test.pub_key).flatMap { PublicKey($0) })
            let signature = try #require(Hex.decode(test.signature).flatMap { Signature($0) })
            let message = try #require(Hex.decode(test.message))
            if checker.isValid(signature, for: message, by: key) { accepted.append(index) }
        }
        if cases.count == 12 { #expect(accepted == [3]) } else { #expect(accepted.count <= 1) }
    }

    @Test(
        "CCTV: of 914 edge cases 43 verify, mixed-order points without a residue",
        .enabled(if: Vectors.present, "\(Vectors.absentMessage)")
    )
    func cctv() throws {
        struct Case: Decodable { let number: Int, key: String, sig: String, msg: String, flags: [String]? }
        let cases = try JSONDecoder().decode([Case].self, from: Data(Vectors.bytes("CCTV/ed25519/ed25519vectors.json")))
        let harmless: Set = ["low_order_component_R", "low_order_component_A"]
        let encodings: Set = ["low_order_R", "low_order_A", "non_canonical_R", "non_canonical_A"]
        var (valid, admitted, registered) = (0, 0, 0)
        for test in cases {
            let key = try #require(Hex.decode(test.key).flatMap { PublicKey($0) })
            let signature = try #require(Hex.decode(test.sig).flatMap { Signature($0) })
            let (message, flags) = (Array(test.msg.utf8), Set(test.flags ?? []))
            let isValid = checker.isValid(signature, for: message, by: key)
            #expect(isValid == flags.isSubset(of: harmless), "number \(test.number)")

            // A point is good exactly where the flags say nothing against it.
            let isGoodKey = flags.isDisjoint(with: ["low_order_A", "non_canonical_A", "low_order_component_A"])
            let isGoodPoint = flags.isDisjoint(with: ["low_order_R", "non_canonical_R", "low_order_component_R"])
            #expect(checker.isValidPoint(key.bytes) == isGoodKey, "number \(test.number)")
            #expect(checker.isValidPoint(signature.pointBytes) == isGoodPoint, "number \(test.number)")
            if EdwardsRule.isCanonicalPoint(key.bytes) { #expect(EdwardsRule.isInSubgroup(key.bytes) == isGoodKey) }

            let isAdmitted = checker.admits(signature, for: message, by: key)
            #expect(isAdmitted == (isValid && isGoodPoint), "number \(test.number)")
            // The library-independent equation gives the answer that libsodium 1.0.18 gives.
            if flags.isDisjoint(with: encodings) {
                #expect(EdwardsRule.holds(signature, for: message, by: key) == isValid, "number \(test.number)")
            }
            valid += isValid ? 1 : 0
            admitted += isAdmitted ? 1 : 0
            registered += isAdmitted && isGoodKey ? 1 : 0
        }
        print(
            "CCTV: of \(cases.count) \(valid) valid, \(admitted) admitted, \(registered) of them by keys that can be registered"
        )
        if cases.count == 914 { #expect(valid == 43) }
    }
}
