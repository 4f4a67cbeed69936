// Check digits, dates, times, places, counts.
extension Span<UInt8> {
    /// Whether every byte is `0`; also where there is none.
    var areZeros: Bool {
        for position in 0..<count where self[position] != 0x30 { return false }
        return true
    }

    /// Whether this is one of the characters.
    func isOne(of characters: String) -> Bool { count == 1 && characters.utf8.contains(self[0]) }

    var faultOfCheckDigit: Fault? {
        guard count > 0 else { return fault(.tooShortForCheckDigit) }
        if let fault = fault(.nonDigitCharacter, outside: .digits) { return fault }
        var odd = 0, even = 0
        for position in 0..<count { (odd, even) = (even &+ Int(self[position] &- 0x30), odd) }
        return (odd &+ 3 &* even) % 10 == 0 ? nil : Fault(.incorrectCheckDigit, count &- 1, 1)
    }

    var faultOfCheckPair: Fault? {
        guard count >= 2 else { return fault(.tooShortForCheckPair) }
        let end = count &- 2
        guard end <= 97 else { return fault(.tooLongForCheckPair) }
        let body = extracting(0..<end)
        if let fault = body.fault(.invalidCSET82Character, outside: .cset82) { return fault }
        let pair = CheckDigit.mod1021(of: body)
        return self[end] == pair.0 && self[end &+ 1] == pair.1 ? nil : Fault(.incorrectCheckPair, end, 2)
    }

    func faultOfTime(
        below limit: Int,
        _ tooShort: GS1Error.Code,
        _ tooLong: GS1Error.Code,
        _ illegal: GS1Error.Code
    ) -> Fault? {
        guard count >= 2 else { return fault(tooShort) }
        guard count == 2 else { return fault(tooLong) }
        return fault(.nonDigitCharacter, outside: .digits) ?? (number < limit ? nil : fault(illegal))
    }

    var faultOfHourAndMinute: Fault? {
        guard count >= 4 else { return fault(.hourWithMinuteTooShort) }
        guard count == 4 else { return fault(.hourWithMinuteTooLong) }
        return Linter.hh.fault(in: extracting(0..<2)) ?? Linter.mi.fault(in: extracting(2..<4))?.moved(by: 2)
    }

    func faultOfDate(yearDigits: Int, mayLackDay: Bool) -> Fault? {
        guard count >= yearDigits &+ 4 else { return fault(.dateTooShort) }
        guard count == yearDigits &+ 4 else { return fault(.dateTooLong) }
        if let fault = fault(.nonDigitCharacter, outside: .digits) { return fault }
        // Of two digits, 00 is 2000 for as long as 2100 is not nearer (General Specifications 7.12): a leap year.
        let year = extracting(0..<yearDigits).number &+ (yearDigits == 2 ? 2000 : 0)
        let month = extracting(yearDigits..<yearDigits &+ 2).number
        let day = extracting(yearDigits &+ 2..<count).number
        guard (1...12).contains(month) else { return Fault(.illegalMonth, yearDigits, 2) }
        guard day <= GS1Date.days(inMonth: month, year: year), day > 0 || mayLackDay else {
            return Fault(.illegalDay, yearDigits &+ 2, 2)
        }
        return nil
    }

    func faultOfDegrees(most: String, _ length: GS1Error.Code, _ range: GS1Error.Code) -> Fault? {
        guard count == 10 else { return fault(length) }
        return fault(.nonDigitCharacter, outside: .digits) ?? (isGreater(than: most.utf8.span) ? fault(range) : nil)
    }

    var faultOfZeroPrefix: Fault? {
        if let fault = fault(.nonDigitCharacter, outside: .digits) { return fault }
        return count > 1 && self[0] == 0x30 ? Fault(.illegalZeroPrefix, 0, 1) : nil
    }

    var faultOfPieceOfTotal: Fault? {
        guard count > 0, count % 2 == 0 else { return fault(.invalidLengthForPieceOfTotal) }
        if let fault = fault(.nonDigitCharacter, outside: .digits) { return fault }
        let half = count / 2
        let piece = extracting(0..<half), total = extracting(half..<count)
        if piece.areZeros { return Fault(.zeroPieceNumber, 0, half) }
        if total.areZeros { return Fault(.zeroTotalPieces, half, half) }
        return piece.isGreater(than: total) ? fault(.pieceNumberExceedsTotal) : nil
    }

    var faultOfPositionInSequence: Fault? {
        let slash = firstIndex(of: 0x2F, in: 0..<count)
        guard slash > 0, slash &+ 1 < count, areDigits(0..<slash), areDigits(slash &+ 1..<count) else {
            return fault(.positionInSequenceMalformed)
        }
        let position = extracting(0..<slash), end = extracting(slash &+ 1..<count)
        if position[0] == 0x30 { return Fault(.illegalZeroPrefix, 0, slash) }
        if end[0] == 0x30 { return Fault(.illegalZeroPrefix, slash &+ 1, end.count) }
        if position.count != end.count { return position.count > end.count ? fault(.positionExceedsEnd) : nil }
        return position.isGreater(than: end) ? fault(.positionExceedsEnd) : nil
    }

    /// Whether the first byte in which the two differ is the greater one; of equally many digits, the greater number.
    func isGreater(than other: Span<UInt8>) -> Bool {
        for position in 0..<Swift.min(count, other.count) where self[position] != other[position] {
            return self[position] > other[position]
        }
        return false
    }
}
