extension Span<UInt8> {
    /// AI (8110): prefix, offer code, save value, the first purchase, then the optional fields 1, 2, 3, 4, 5, 6 and 9 (GS1 US,
    /// North American Coupon Application Guideline).
    var faultOfCouponCode: Fault? {
        if let fault = fault(.nonDigitCharacter, outside: .digits) { return fault }
        var reader = CouponReader(self)
        reader.counted(.companyPrefix, 0...6, more: 6)
        reader.fixed(.offerCode, 6)
        reader.counted(.saveValue, 1...5)
        reader.purchase(.firstPurchaseRequirement, .firstPurchaseRequirementCode, .firstPurchaseFamilyCode, nil)
        if reader.skip(1) {
            reader.digit(.additionalPurchaseRules, "0123")
            reader.purchase(
                .secondPurchaseRequirement,
                .secondPurchaseRequirementCode,
                .secondPurchaseFamilyCode,
                .secondPurchaseCompanyPrefix
            )
        }
        if reader.skip(2) {
            reader.purchase(
                .thirdPurchaseRequirement,
                .thirdPurchaseRequirementCode,
                .thirdPurchaseFamilyCode,
                .thirdPurchaseCompanyPrefix
            )
        }
        reader.dates()
        if reader.skip(5) { reader.counted(.serialNumber, 0...9, more: 6) }
        if reader.skip(6) { reader.counted(.retailer, 1...7, more: 6) }
        if reader.skip(9) {
            reader.digit(.saveValueCode, "01256")
            reader.digit(.saveValueAppliesToItem, "012")
            reader.digit(.storeCouponFlag, "0123456789")
            reader.digit(.doNotMultiplyFlag, "01")
        }
        return reader.end()
    }

    /// AI (8112): format, funder, offer code, serial number.
    var faultOfCouponOffer: Fault? {
        if let fault = fault(.nonDigitCharacter, outside: .digits) { return fault }
        var reader = CouponReader(self)
        reader.digit(.formatCode, "01")
        reader.counted(.funder, 0...6, more: 6)
        reader.fixed(.offerCode, 6)
        reader.counted(.serialNumber, 0...9, more: 6)
        return reader.end()
    }
}

/// Reads a coupon field by field; after the first fault it reads no more.
private struct CouponReader {
    typealias Part = GS1Error.CouponPart

    private var text: [UInt8] = []
    private var position = 0
    private var fault: Fault?

    init(_ text: Span<UInt8>) { self.text.append(text, 0..<text.count) }

    private mutating func fail(_ part: Part, _ fault: GS1Error.CouponFault, _ position: Int, _ length: Int) {
        self.fault = Fault(.coupon(part, fault), position, length)
    }

    /// Whether the next digit says that an optional field follows; then it is skipped.
    mutating func skip(_ field: UInt8) -> Bool {
        guard fault == nil, position < text.count, text[position] == 0x30 &+ field else { return false }
        position &+= 1
        return true
    }

    /// One digit out of a set.
    mutating func digit(_ part: Part, _ allowed: String) {
        guard fault == nil else { return }
        guard position < text.count else { return fail(part, .missing, 0, text.count) }
        guard allowed.utf8.contains(text[position]) else { return fail(part, .invalid, position, 1) }
        position &+= 1
    }

    /// So many digits.
    mutating func fixed(_ part: Part, _ length: Int) {
        guard fault == nil else { return }
        guard text.count &- position >= length else {
            // Where nothing is left, the coupon as a whole is too short.
            let start = position == text.count ? 0 : position
            return fail(part, .truncated, start, text.count &- start)
        }
        position &+= length
    }

    /// A digit that says how many follow, `more` being added to it; 9 says none where `noneIsNine`.
    mutating func counted(_ part: Part, _ allowed: ClosedRange<UInt8>, more: Int = 0, noneIsNine: Bool = false) {
        guard fault == nil else { return }
        guard position < text.count else { return fail(part, .missingLength, 0, text.count) }
        let count = text[position] &- 0x30
        if noneIsNine, count == 9 {
            position &+= 1
            return
        }
        guard allowed.contains(count) else { return fail(part, .invalidLength, position, 1) }
        position &+= 1
        fixed(part, Int(count) &+ more)
    }

    mutating func purchase(_ requirement: Part, _ code: Part, _ family: Part, _ prefix: Part?) {
        counted(requirement, 1...5)
        digit(code, "012349")
        fixed(family, 3)
        if let prefix { counted(prefix, 0...6, more: 6, noneIsNine: true) }
    }

    /// Fields 3 and 4: expiration and start.
    mutating func dates() {
        let start = position
        let hasEnd = skip(3)
        if hasEnd { date(.expirationDate) }
        let hasStart = skip(4)
        if hasStart { date(.startDate) }
        guard hasEnd, hasStart, fault == nil else { return }
        // Both follow a digit that names the field.
        let isLate = text[start &+ 1..<start &+ 7].lexicographicallyPrecedes(text[start &+ 8..<start &+ 14])
        if isLate { fail(.expirationDate, .beforeStart, start, 14) }
    }

    private mutating func date(_ part: Part) {
        let start = position
        fixed(part, 6)
        guard fault == nil else { return }
        let isWrong = Linter.yymmdd.fault(in: text.span.extracting(start..<position)) != nil
        if isWrong { fail(part, .invalid, start, 6) }
    }

    /// The first fault, or that of digits that belong to no field.
    func end() -> Fault? {
        if fault == nil, position < text.count { return Fault(.couponExcessData, position, text.count &- position) }
        return fault
    }
}
