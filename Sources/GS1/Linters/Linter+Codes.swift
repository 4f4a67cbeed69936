// Characters and code lists.
extension Span<UInt8> {
    /// Characters of set 64; where padded, with one or two `=` to a multiple of three.
    var faultOfCSET64: Fault? {
        var end = 0
        while end < count, ASCIISet.cset64.contains(self[end]) { end &+= 1 }
        for position in end..<count where self[position] != 0x3D { return Fault(.invalidCSET64Character, end, 1) }
        let padding = count &- end
        return padding == 0 || (padding <= 2 && count % 3 == 0) ? nil : Fault(.invalidCSET64Padding, end, padding)
    }

    var faultOfImporterIndex: Fault? {
        guard count == 1 else { return fault(.importerIdxMustBeOneCharacter) }
        return fault(.invalidImportIdxCharacter, outside: .cset64)
    }

    /// Each `%` with two hex digits behind it.
    var faultOfPercentEscapes: Fault? {
        var position = 0
        while position < count {
            if self[position] == 0x25 {
                guard count &- position > 2, self[position &+ 1].isHexDigit, self[position &+ 2].isHexDigit else {
                    return Fault(.invalidPercentSequence, position, Swift.min(3, count &- position))
                }
                position &+= 2
            }
            position &+= 1
        }
        return nil
    }

    /// Country, two check digits and the account; the number that its characters spell is 1 modulo 97 (ISO 7064).
    var faultOfIBAN: Fault? {
        guard count > 10 else { return fault(.ibanTooShort) }
        guard count <= 34 else { return fault(.ibanTooLong) }
        guard extracting(0..<2).isCountry else { return Fault(.illegalIBANCountryCode, 0, 2) }
        if let fault = fault(.invalidIBANCharacter, outside: .capitalsAndDigits) { return fault }
        var sum = 0
        for place in 4..<count &+ 4 {
            let byte = self[place % count]
            sum = byte.isDigit ? sum &* 10 &+ Int(byte &- 0x30) : sum &* 100 &+ Int(byte &- 0x37)
            sum %= 97
        }
        return sum == 1 ? nil : Fault(.incorrectIBANChecksum, 2, 2)
    }

    /// Whether these three digits are in a list of bits.
    func isCode(in list: [UInt64]) -> Bool {
        guard count == 3, areDigits(0..<3) else { return false }
        return list[number / 64] >> UInt64(number % 64) & 1 == 1
    }

    /// Whether these two letters are of a country.
    var isCountry: Bool {
        guard count == 2, self[0].isCapital, self[1].isCapital else { return false }
        return CodeLists.countryLetters[Int(self[0] &- 0x41)] >> UInt32(self[1] &- 0x41) & 1 == 1
    }

    var isMediaType: Bool {
        count == 2 && areDigits(0..<2) && ((1...10).contains(number) || (80...99).contains(number))
    }

    var isPackageType: Bool {
        guard (1...3).contains(count) else { return false }
        var wanted = 0
        for place in 0..<3 {
            var digit = 0
            if place < count {
                guard ASCIISet.capitalsAndDigits.contains(self[place]) else { return false }
                digit = Int(self[place] &- (self[place].isDigit ? 0x2F : 0x36))
            }
            wanted = wanted &* 37 &+ digit
        }
        let list = CodeLists.packages
        var low = 0, high = list.count
        while low < high {
            let middle = (low &+ high) >> 1
            if Int(list[middle]) < wanted { low = middle &+ 1 } else { high = middle }
        }
        return low < list.count && Int(list[low]) == wanted
    }
}

extension UInt8 {
    /// Whether this is one of A to Z in ASCII.
    var isCapital: Bool { self &- 0x41 < 26 }

    /// Whether this is a hex digit in either case.
    var isHexDigit: Bool { isDigit || (self | 0x20) &- 0x61 < 6 }
}
