import TraceProof

/// Tags of the payload.
private enum Tag {
    /// Decimal fraction (RFC 8949 section 3.4.4).
    static let decimal: UInt64 = 4
    /// Embedded JSON (IANA), in a byte string: a number whose spelling neither an integer nor a decimal gives back.
    static let json: UInt64 = 262
}

/// A number as integers: mantissa × 10^-digits, where that gives back its text.
struct CompactNumber: Equatable {
    /// More digits after the point are kept as text.
    static let maximumDigits = 64

    var mantissa: Int64
    /// Digits after the point; 0, no point.
    var digits: Int

    /// `nil` for exponents, negative zero, and what does not fit 64 bits.
    init?(_ number: Number) {
        var value: Int64 = 0
        var digits: Int?
        var bytes = number.text.utf8[...]
        let isNegative = bytes.first == UInt8(ascii: "-")
        if isNegative { bytes.removeFirst() }
        for byte in bytes {
            if byte == UInt8(ascii: ".") {
                digits = 0
                continue
            }
            guard (0x30...0x39).contains(byte) else { return nil }
            let (scaled, overflow) = value.multipliedReportingOverflow(by: 10)
            let (next, overflowToo) = scaled.addingReportingOverflow(Int64(byte - 0x30))
            guard !overflow, !overflowToo else { return nil }
            value = next
            digits = digits.map { $0 + 1 }
        }
        guard !(isNegative && value == 0), digits ?? 0 <= CompactNumber.maximumDigits else { return nil }
        (mantissa, self.digits) = (isNegative ? -value : value, digits ?? 0)
    }

    init(mantissa: Int64, digits: Int) { (self.mantissa, self.digits) = (mantissa, digits) }

    /// The one text of this number.
    var text: String {
        guard digits > 0 else { return "\(mantissa)" }
        var whole = [UInt8]("\(mantissa.magnitude)".utf8)
        if whole.count <= digits {
            whole.insert(contentsOf: repeatElement(0x30, count: digits + 1 - whole.count), at: 0)
        }
        whole.insert(UInt8(ascii: "."), at: whole.count - digits)
        if mantissa < 0 { whole.insert(UInt8(ascii: "-"), at: 0) }
        return String(decoding: whole, as: UTF8.self)
    }
}

extension CBORWriter {
    mutating func number(_ number: Number) {
        guard let compact = CompactNumber(number) else {
            tag(Tag.json)
            return bytes(number.text.utf8)
        }
        if compact.digits > 0 {
            tag(Tag.decimal)
            array(2)
            integer(Int64(-compact.digits))
        }
        integer(compact.mantissa)
    }

    mutating func value(_ value: FieldValue) {
        switch value {
        case .null: null()
        case .boolean(let value): boolean(value)
        case .number(let value): number(value)
        case .text(let value): text(value)
        case .list(let values):
            array(values.count)
            for item in values { self.value(item) }
        case .fields(let fields): self.fields(fields)
        }
    }

    mutating func fields(_ fields: [Field]) { map { $0.fields(fields) } }
}

extension CBORMapWriter {
    /// Further fields, beside the integer keys of the same map.
    mutating func fields(_ fields: [Field]) {
        for field in fields { entry(field.name) { $0.value(field.value) } }
    }
}

extension CBORReader {
    mutating func number() throws(FormatError) -> Number {
        let start = offset
        guard try peek() == .tag else {
            let value = try integer()
            guard value != .min else {
                throw FormatError(payloadFormat, at: .offset(start), "a number that is not in its shortest form")
            }
            return Number(value)
        }
        let tag = try tag()
        switch tag {
        case Tag.decimal:
            try array(count: 2)
            let exponent = try integer()
            guard (-CompactNumber.maximumDigits ... -1).contains(Int(clamping: exponent)) else {
                throw FormatError(payloadFormat, at: .offset(start), "a decimal has 1 to 64 digits after the point")
            }
            let mantissa = try integer()
            // -2^63 is left to text: its magnitude is not an integer of 64 bits, and writers stop before it.
            if mantissa != .min,
                let number = Number(CompactNumber(mantissa: mantissa, digits: Int(-exponent)).text)
            {
                return number
            }
        case Tag.json:
            let bytes = try byteString()
            if bytes.allSatisfy({ $0 < 0x80 }), let number = Number(String(decoding: bytes, as: UTF8.self)),
                CompactNumber(number) == nil
            {
                return number
            }
        default: throw FormatError(payloadFormat, at: .offset(start), newerVersion("tag \(tag)"))
        }
        throw FormatError(payloadFormat, at: .offset(start), "a number that is not in its shortest form")
    }

    mutating func value() throws(FormatError) -> FieldValue {
        switch try peek() {
        case .null:
            try null()
            return .null
        case .boolean: return .boolean(try boolean())
        case .text: return .text(try text())
        case .array:
            var values: [FieldValue] = []
            for _ in 0..<(try array()) { values.append(try value()) }
            return .list(values)
        case .map: return .fields(try fields(try map()))
        default: return .number(try number())
        }
    }

    /// So many entries with text keys, which the validation of the reader has found in order.
    mutating func fields(_ count: Int) throws(FormatError) -> [Field] {
        var fields: [Field] = []
        for _ in 0..<count {
            let name = try text()
            fields.append(Field(name, try value()))
        }
        return fields
    }
}
