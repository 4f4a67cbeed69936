/// Check digits and check characters of GS1 keys (General Specifications 7.9).
public enum CheckDigit {
    /// The mod-10 check digit that follows these ASCII digits (weights 3 and 1 from the right), itself in ASCII; nil where
    /// there are none or one is not a digit.
    ///
    ///     CheckDigit.mod10("0950600013435".utf8)  // UInt8(ascii: "2")
    public static func mod10(_ digits: some Collection<UInt8>) -> UInt8? {
        // Even and odd places are summed apart: which of them weighs 3 is known only at the end.
        var odd = 0, even = 0, count = 0
        for digit in digits {
            guard digit.isDigit else { return nil }
            (odd, even) = (even &+ Int(digit &- 0x30), odd)
            count &+= 1
        }
        guard count > 0 else { return nil }
        return UInt8(truncatingIfNeeded: 0x30 &+ (10 &- (3 &* odd &+ even) % 10) % 10)
    }

    /// The two check characters that follow these characters of a Global Model Number (AI 8013), in ASCII: weights are the
    /// primes from the right, the sum is taken modulo 1021. Nil where there are more than 97 or one is not in set 82.
    public static func mod1021(_ characters: some BidirectionalCollection<UInt8>) -> (UInt8, UInt8)? {
        let characters = Array(characters)
        guard characters.count <= 97, characters.allSatisfy(ASCIISet.cset82.contains) else { return nil }
        return mod1021(of: characters.span)
    }

    /// The same for characters that are known to be at most 97 and in set 82.
    static func mod1021(of characters: Span<UInt8>) -> (UInt8, UInt8) {
        var sum = 0, prime = 1, position = characters.count
        while position > 0 {
            position &-= 1
            prime = nextPrime(after: prime)
            sum &+= cset82Value(characters[position]) &* prime
        }
        sum %= 1021
        return (checkCharacter(sum / 32), checkCharacter(sum % 32))
    }

    /// The character's place in set 82, from `!` = 0 to `z` = 81.
    private static func cset82Value(_ byte: UInt8) -> Int {
        let code = Int(byte)
        switch byte {
        case 0x21...0x22: return code - 0x21
        case 0x25...0x3F: return code - 0x23
        case 0x41...0x5A: return code - 0x24
        case 0x5F: return 55
        default: return code - 0x29
        }
    }

    private static func nextPrime(after prime: Int) -> Int {
        var candidate = prime + 1
        while !isPrime(candidate) { candidate += 1 }
        return candidate
    }

    private static func isPrime(_ number: Int) -> Bool {
        var divisor = 2
        while divisor * divisor <= number {
            if number % divisor == 0 { return false }
            divisor += 1
        }
        return true
    }

    /// 2 to 9 and A to Z without I and O, which are misread.
    private static func checkCharacter(_ value: Int) -> UInt8 {
        var code = value &+ 0x32
        if code > 0x39 { code &+= 7 }
        if code >= 0x49 { code &+= 1 }
        if code >= 0x4F { code &+= 1 }
        return UInt8(truncatingIfNeeded: code)
    }
}
