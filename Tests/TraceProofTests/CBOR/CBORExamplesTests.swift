import Testing
import TraceProof

@Suite struct CBORExamplesTests {
    @Test func writeAndReadAMap() throws {
        var writer = CBORWriter()
        writer.map {
            $0.entry("note") { $0.text("maize") }
            $0.entry(1) { $0.integer(-8) }
        }
        // Keys are sorted whatever the order of the calls: 1 before "note".
        #expect(Hex.encode(writer.output) == "a2012764" + "6e6f7465" + "65" + "6d61697a65")

        var reader = try CBORReader(validating: writer.output)
        #expect(try reader.map() == 2)
        #expect(try reader.unsigned() == 1)
        #expect(try reader.integer() == -8)
        #expect(try reader.text() == "note")
        #expect(try reader.text() == "maize")
        try reader.finish()
    }

    @Test func anErrorSaysWhereAndWhat() throws {
        #expect(throws: FormatError("receipt", at: .offset(1), "a number or length is not in its shortest form")) {
            try CBORReader(validating: [0x81, 0x18, 0x01], format: "receipt")
        }
        var reader = try CBORReader(validating: [0x82, 0x01, 0x60])
        try reader.array(count: 2)
        try reader.skip()
        #expect(throws: FormatError("CBOR", at: .offset(2), "expected an unsigned integer, found a text string")) {
            try reader.unsigned()
        }
        // A read that failed has consumed nothing.
        #expect(try reader.text() == "")
    }

    @Test func everyReadHasItsWrite() throws {
        var writer = CBORWriter()
        writer.array(14)
        writer.unsigned(.max)
        writer.negative(.max)
        writer.integer(.min)
        writer.bytes([1, 2, 3])
        writer.bytes(TreeHash.empty)
        writer.tag(18)
        writer.text("ü")
        writer.boolean(true)
        writer.null()
        writer.undefined()
        writer.simple(16)
        writer.simple(255)
        writer.float(1.5)
        writer.float(1.1)
        writer.encoded([0x80])
        var reader = try CBORReader(validating: writer.output)
        try reader.array(count: 14)
        #expect(try reader.unsigned() == .max)
        #expect(try reader.negative() == .max)
        #expect(try reader.integer() == .min)
        #expect(try reader.byteString(count: 3) == [1, 2, 3])
        #expect(try reader.digest() == TreeHash.empty)
        try reader.expectTag(18)
        #expect(try reader.text() == "ü")
        #expect(try reader.boolean())
        try reader.null()
        try reader.undefined()
        #expect(try reader.simple() == 16)
        #expect(try reader.simple() == 255)
        #expect(try reader.float() == 1.5)
        #expect(try reader.float() == 1.1)
        #expect(try reader.item() == [0x80])
        #expect(reader.isAtEnd)
        try reader.finish()
    }

    @Test func aByteStringThatHoldsCBOR() throws {
        var inner = CBORWriter()
        inner.array(1)
        inner.unsigned(7)
        var outer = CBORWriter()
        outer.bytes(inner.output)
        var reader = try CBORReader(validating: outer.output)
        var embedded = try reader.embedded()
        try embedded.array(count: 1)
        // Offsets count from the start of the outer input.
        #expect(embedded.offset == 2)
        #expect(try embedded.unsigned() == 7)
        try embedded.finish()
        try reader.finish()
    }

    @Test func aSequenceIsSplit() throws {
        var sequence = CBORSequence([0x01, 0x82, 0x02, 0x03, 0x60])
        var offsets: [Int] = []
        while let item = try sequence.next() { offsets.append(item.offset) }
        #expect(offsets == [0, 1, 4])

        var broken = CBORSequence([0x01, 0x82, 0x02])
        #expect(try broken.next()?.bytes == [0x01])
        #expect(throws: FormatError.self) { try broken.next() }
    }

    @Test func diagnosticNotation() throws {
        let bytes: [UInt8] = [0xD2, 0x83, 0x41, 0xAB, 0xA1, 0x01, 0x27, 0x62, 0x22, 0x0A]
        #expect(try CBORDiagnostic.text(of: bytes) == #"18([h'ab', {1: -8}, "\"\n"])"#)
        #expect(
            try CBORDiagnostic.text(of: bytes, pretty: true) == """
                18([
                  h'ab',
                  {
                    1: -8
                  },
                  "\\"\\n"
                ])
                """
        )
        #expect(CBORDiagnostic.text(of: .text("a\u{202E}b\u{7F}")) == #""a\u202eb\u007f""#)
        #expect(
            CBORDiagnostic.text(of: .array([.float(1e300), .float(-4), .float(.nan), .float(-.infinity)]))
                == "[1.0e+300, -4.0, NaN, -Infinity]"
        )
    }
}
