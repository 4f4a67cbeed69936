import Foundation
import TestSupport
import Testing
import TraceProof

/// RFC 8949 appendix A, as cbor/test-vectors has it.
@Suite struct CBORVectorTests {
    @Test(.enabled(if: Vectors.present, "\(Vectors.absentMessage)"))
    func appendixA() throws {
        let json = try JSONSerialization.jsonObject(
            with: Data(try Vectors.bytes("cbor-test-vectors/appendix_a.json"))
        )
        let vectors = try #require(json as? [[String: Any]])
        var (kept, refused) = (0, 0)
        for vector in vectors {
            let hex = try #require(vector["hex"] as? String)
            let bytes = try #require(Hex.decode(hex))
            // The vectors are of 2014: RFC 8949 made f818 (simple 24) not well-formed.
            if try #require(vector["roundtrip"] as? Bool), hex != "f818" {
                let value = try CBORValue(decoding: bytes)
                #expect(value.encoded() == bytes, "\(hex)")
                if let diagnostic = vector["diagnostic"] as? String {
                    #expect(try CBORDiagnostic.text(of: bytes) == diagnostic)
                }
                // Bignums and floats are compared by their bytes above: JSON has neither exactly.
                if let decoded = vector["decoded"], let plain = Self.plain(value) {
                    #expect(plain.isEqual(decoded), "\(hex)")
                }
                kept += 1
            } else {
                let error = #expect(throws: FormatError.self, "\(hex)") { try CBORReader(validating: bytes) }
                print("refused \(hex): \(error?.description ?? "")")
                refused += 1
            }
        }
        print("appendix A: \(kept) round trip, \(refused) refused")
        #expect(kept + refused == vectors.count)
        #expect(refused < kept)
    }

    private static func plain(_ value: CBORValue) -> NSObject? {
        switch value {
        case .unsigned(let value): NSNumber(value: value)
        case .negative(let value): Int64(exactly: value).map { NSNumber(value: ~$0) }
        case .text(let value): value as NSString
        case .boolean(let value): NSNumber(value: value)
        case .null: NSNull()
        case .array(let items): items.map { plain($0) ?? NSNull() } as NSArray
        case .map(let entries):
            entries.reduce(into: NSMutableDictionary()) { dictionary, entry in
                if case .text(let key) = entry.key { dictionary[key] = plain(entry.value) }
            }
        default: nil
        }
    }

    /// Rules of RFC 8949 that appendix A does not reach, one input each.
    @Test(arguments: [
        ("", "ends where an item"), ("18", "ends inside a head"), ("1801", "shortest"), ("1900ff", "shortest"),
        ("1a0000ffff", "shortest"), ("1b00000000ffffffff", "shortest"), ("1c", "reserved"), ("fc", "reserved"),
        ("1f", "indefinite"), ("5f4101ff", "indefinite"), ("9fff", "indefinite"), ("bfff", "indefinite"),
        ("ff", "break"), ("4101ff", "follow"), ("0000", "follow"), ("42ff", "longer"), ("62c3", "longer"),
        ("9bffffffffffffffff", "longer"), ("bb7fffffffffffffff", "longer"), ("5bffffffffffffffff", "longer"),
        ("820100ff", "follow"), ("8201", "longer than"), ("a101", "longer"), ("c0", "ends where"),
        ("61ff", "UTF-8"), ("62c080", "UTF-8"), ("63eda080", "UTF-8"), ("64f4908080", "UTF-8"), ("61c3", "UTF-8"),
        ("63e08080", "UTF-8"), ("64f0808080", "UTF-8"), ("64f5808080", "UTF-8"),
        ("a20201" + "0101", "order"), ("a201010101", "twice"), ("a2616101" + "0101", "order"),
        ("a2617a0161610 1", "order"), ("a2190100001800", "shortest"), ("a21818001700", "order"),
        ("a2200018ff00", "order"), ("f800", "below 32"), ("f81f", "below 32"), ("f8", "inside"),
        ("fa3f800000", "shortest"), ("fb3ff0000000000000", "shortest"), ("fb3ff8000000000001f6", "follow"),
        ("f97e01", "NaN"), ("f9fe00", "NaN"), ("f97c01", "NaN"), ("fb7ff8000000000000", "NaN"), ("f97e", "inside"),
        ("fa33800000", "shortest"), ("fb36a0000000000000", "shortest"), ("c24101", "bignum"),
        ("c2490001000000000000 00", "bignum"), ("c200", "bignum"),
    ])
    func refused(hex: String, reason: String) throws {
        let bytes = try #require(Hex.decode(hex.filter { $0 != " " }))
        let error = #expect(throws: FormatError.self) { try CBORReader(validating: bytes) }
        #expect(error?.reason.contains(reason) == true, "\(error?.description ?? "")")
    }

    /// Each beside a limit, on the good side: fa33000000 is 2^-25, half of the least half-float.
    @Test(arguments: [
        "1818", "190100", "1a00010000", "1b0000000100000000", "f820", "f90001", "f903ff", "f90400", "fa33000000",
        "fa33800001", "fb369fffffffffffff", "63ed9fbf", "64f48fbfbf", "62c280", "63e0a080",
        "64f0908080", "a2010118ff00", "a20a006161f6", "a2176018186 0", "c249010000000000000000",
    ])
    func accepted(hex: String) throws {
        let bytes = try #require(Hex.decode(hex.filter { $0 != " " }))
        #expect(try CBORValue(decoding: bytes).encoded() == bytes)
    }

    @Test func nestingIsBounded() throws {
        for opener: UInt8 in [0x81, 0xC6] {
            let good = [UInt8](repeating: opener, count: 16) + [0x00]
            #expect(try CBORValue(decoding: good).encoded() == good)
            #expect(throws: FormatError("CBOR", at: .offset(16), "items are nested deeper than 16")) {
                try CBORReader(validating: [opener] + good)
            }
        }
        // A hostile length or depth costs nothing.
        #expect(throws: FormatError.self) { try CBORReader(validating: .init(repeating: 0x81, count: 1_000_000)) }
    }
}
