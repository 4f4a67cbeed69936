/// Reed-Solomon codes over GF(256) with x^8 + x^4 + x^3 + x^2 + 1 (ISO/IEC 18004, section 7.5.2 and annex A).
struct ReedSolomon {
    /// Powers of the generating element 2, and the exponents that lead to them.
    private var powers = [UInt8](repeating: 0, count: 255)
    private var exponents = [Int](repeating: 0, count: 256)

    init() {
        var value = 1
        for exponent in 0..<255 {
            powers[exponent] = UInt8(truncatingIfNeeded: value)
            exponents[value] = exponent
            value <<= 1
            if value > 255 { value ^= 0x11D }
        }
    }

    /// Corrects at most `limit` bytes of a block of at most 255 whose last `check` bytes are the correction codewords, and says how
    /// many were wrong; `nil`, and the block as it was, where it is too many.
    func correct(_ block: inout [UInt8], check: Int, limit: Int) -> Int? {
        let syndromes = syndromes(of: block, count: check)
        guard syndromes.contains(where: { $0 != 0 }) else { return 0 }
        let locator = locator(of: syndromes)
        let faults = locator.count - 1
        guard faults >= 1, faults <= limit else { return nil }

        // Errata evaluator: syndromes times locator, to the power of `check`.
        var evaluator = [UInt8](repeating: 0, count: faults)
        for degree in 0..<faults {
            for part in 0...degree { evaluator[degree] ^= multiply(locator[part], syndromes[degree - part]) }
        }
        var corrected = block
        var found = 0
        for position in block.indices {
            // The byte at `position` is the coefficient of x to the power of this.
            let power = block.count - 1 - position
            let inverse = powers[(255 - power) % 255]
            guard value(locator, at: inverse) == 0 else { continue }
            found += 1
            // Forney's formula; in characteristic 2 the derivative has the odd powers only.
            var derivative: UInt8 = 0
            for degree in stride(from: 1, through: faults, by: 2) {
                derivative ^= multiply(locator[degree], self.power(inverse, degree - 1))
            }
            guard derivative != 0 else { return nil }
            let magnitude = multiply(value(evaluator, at: inverse), inverted(derivative))
            corrected[position] ^= multiply(magnitude, powers[power % 255])
        }
        guard found == faults, !self.syndromes(of: corrected, count: check).contains(where: { $0 != 0 }) else {
            return nil
        }
        block = corrected
        return faults
    }

    private func syndromes(of block: [UInt8], count: Int) -> [UInt8] {
        var syndromes = [UInt8](repeating: 0, count: count)
        for index in 0..<count {
            var sum: UInt8 = 0
            for byte in block { sum = multiply(sum, powers[index % 255]) ^ byte }
            syndromes[index] = sum
        }
        return syndromes
    }

    /// The shortest recurrence that the syndromes obey (Berlekamp and Massey), lowest power first, without zeros at the end.
    private func locator(of syndromes: [UInt8]) -> [UInt8] {
        var current: [UInt8] = [1]
        var previous: [UInt8] = [1]
        var (length, gap) = (0, 1)
        var last: UInt8 = 1
        for step in syndromes.indices {
            var discrepancy = syndromes[step]
            for degree in 1..<max(1, min(current.count, step + 1)) {
                discrepancy ^= multiply(current[degree], syndromes[step - degree])
            }
            guard discrepancy != 0 else {
                gap += 1
                continue
            }
            let factor = multiply(discrepancy, inverted(last))
            var next = current
            while next.count < previous.count + gap { next.append(0) }
            for degree in previous.indices { next[degree + gap] ^= multiply(factor, previous[degree]) }
            if 2 * length <= step {
                (length, previous, last, gap) = (step + 1 - length, current, discrepancy, 1)
            } else {
                gap += 1
            }
            current = next
        }
        while current.count > 1, current.last == 0 { current.removeLast() }
        // A recurrence longer than its polynomial has no code behind it.
        return current.count - 1 == length ? current : [1]
    }

    private func value(_ polynomial: [UInt8], at point: UInt8) -> UInt8 {
        var sum: UInt8 = 0
        for degree in polynomial.indices.reversed() { sum = multiply(sum, point) ^ polynomial[degree] }
        return sum
    }

    private func multiply(_ left: UInt8, _ right: UInt8) -> UInt8 {
        guard left != 0, right != 0 else { return 0 }
        return powers[(exponents[Int(left)] + exponents[Int(right)]) % 255]
    }

    private func power(_ base: UInt8, _ exponent: Int) -> UInt8 { powers[exponents[Int(base)] * exponent % 255] }

    private func inverted(_ value: UInt8) -> UInt8 { powers[(255 - exponents[Int(value)]) % 255] }
}
