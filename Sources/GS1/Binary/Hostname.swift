/// The hostname of the `++` schemes (EPC TDS 2.3, 14.5.16 and tables 14-11 to 14-15).
enum Hostname {
    /// Reads encoding bit, length and characters. URN Code 40 has capitals only, and gives them back as capitals.
    static func read(_ reader: inout BitReader) throws(EPCBinaryError) -> String {
        let start = reader.position
        let isASCII = try reader.read(1, "the hostname") == 1
        let length = Int(try reader.read(6, "the hostname"))
        guard length > 0 else { throw EPCBinaryError(bit: start, "the hostname is empty") }
        let host =
            isASCII
            ? try readUnits(length, &reader) : try TextEncoding.code40.read(length, &reader, "the hostname")
        guard host.allSatisfy(isAllowed) else {
            throw EPCBinaryError(bit: start, "the hostname has a character that no hostname has")
        }
        return String(decoding: host, as: UTF8.self)
    }

    private static func readUnits(_ length: Int, _ reader: inout BitReader) throws(EPCBinaryError) -> [UInt8] {
        var host: [UInt8] = []
        var units = length
        while units > 0 {
            let start = reader.position
            let code = Int(try reader.read(7, "the hostname"))
            units -= 1
            guard code < pairs.count else {
                if let sequence = single(code) { host += sequence.utf8 } else { host.append(UInt8(code)) }
                continue
            }
            guard units > 0 else { throw EPCBinaryError(bit: start, "the hostname ends within a sequence of 14 bits") }
            let index = Int(try reader.read(7, "the hostname"))
            units -= 1
            guard let sequence = pair(code, index) else {
                throw EPCBinaryError(bit: start, "the hostname has a reserved sequence")
            }
            host += sequence
        }
        return host
    }

    /// Adds a hostname as it is spelt, in the encoding with fewer bits.
    static func write(_ host: String, to bits: inout BitString) throws(EPCBinaryError) {
        let text = Array(host.utf8)
        guard (1...253).contains(text.count), text.allSatisfy(isAllowed) else {
            throw EPCBinaryError("a hostname has letters, digits, hyphens, dots and underscores only")
        }
        let units = fewestUnits(text)
        let code40 = TextEncoding.code40
        if text.count < 64, text.allSatisfy({ code40.code(of: $0) != nil }),
            code40.bits(ofCharacters: text.count) <= 7 * units.count
        {
            bits.append(UInt64(text.count), bits: 7)
            code40.write(text[...], to: &bits)
            return
        }
        guard units.count < 64 else { throw EPCBinaryError("the hostname is too long") }
        bits.append(UInt64(64 + units.count), bits: 7)
        for unit in units { bits.append(unit, bits: 7) }
    }

    /// The units of 7 bits, as few as possible; a sequence is preferred to its characters where that costs nothing.
    private static func fewestUnits(_ text: [UInt8]) -> [UInt64] {
        // The best continuation from each place, found from the end.
        var best: [[UInt64]] = [[]]
        for start in text.indices.reversed() {
            let rest = text[start...]
            var found = [UInt64(text[start])] + best[text.count - start - 1]
            for (sequence, units) in sequences where rest.starts(with: sequence) {
                let candidate = units + best[text.count - start - sequence.count]
                if candidate.count <= found.count { found = candidate }
            }
            best.append(found)
        }
        return best.last ?? []
    }

    /// Every sequence with its units.
    private static let sequences: [(sequence: [UInt8], units: [UInt64])] = {
        var all: [(sequence: [UInt8], units: [UInt64])] = []
        for code in 0..<128 { if let text = single(code) { all.append((Array(text.utf8), [UInt64(code)])) } }
        for (table, words) in pairs.enumerated() {
            for (index, word) in words.utf8.split(separator: 0x20).enumerated() {
                all.append(([0x2E] + word, [UInt64(table), UInt64(index)]))
            }
        }
        return all
    }()

    /// What table 14-11 has of the characters that hosts are named with; a Digital Link has no underscore.
    private static func isAllowed(_ byte: UInt8) -> Bool {
        byte == 0x5F || (byte != 0x3A && ASCIISet.host.contains(byte))
    }

    /// Table 14-11: one unit; nil for a plain character.
    private static func single(_ code: Int) -> String? {
        switch code {
        case 0x1E: "qr."
        case 0x1F: "www."
        case 0x20: "id."
        case 0x5B: ".com"
        case 0x5C: ".org"
        case 0x5D: ".net"
        case 0x5E: ".int"
        case 0x60: ".edu"
        case 0x7B: ".gov"
        case 0x7C: ".mil"
        case 0x7D: ".biz"
        case 0x7E: ".eco"
        case 0x7F: ".med"
        default: nil
        }
    }

    /// The word at a place of one of the tables of ``pairs``, with its dot.
    private static func pair(_ table: Int, _ index: Int) -> [UInt8]? {
        let words = pairs[table].utf8.split(separator: 0x20)
        return index < words.count ? [0x2E] + words[index] : nil
    }

    /// Tables 14-12 to 14-15: two units, the number of the table and the place in it.
    private static let pairs: [String] = [
        """
        ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo bq br bs bt \
        bw by bz ca cc cd cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg eh er \
        es et eu fi fj fk fm fo fr ga gd ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu \
        id ie il im in io iq ir is it je jm jo jp ke kg kh ki km kn kp kr kw ky kz la lb lc li
        """,
        """
        lk lr ls lt lu lv ly ma mc md me mg mh mk ml mm mn mo mp mq mr ms mt mu mv mw mx my mz na nc ne nf \
        ng ni nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re ro rs ru rw sa sb sc sd \
        se sg sh si sk sl sm sn sr ss st su sv sx sy sz tc td tf tg th tj tk tl tm tn to tr tt tv tw tz ua \
        ug us uy uz va vc ve vg vi vn vu wf ws ye yt za zm zw
        """,
        """
        com.au net.au org.au co.at com.bd co.bd com.br net.br co.nz com.ng com.pk co.in com.in co.il co.jp \
        co.za co.kr com.es com.lk co.th co.tt com.tt com.tr biz.tr com.ua co.uk co.zm com.zm com.cn org.cn \
        net.cn gov.cn
        """,
        "tech",
    ]
}
