extension GS1Error.Code {
    /// The stable name, e.g. `wrong-check-digit`.
    public var text: String {
        switch self {
        case .nonDigitCharacter: "non-digit"
        case .invalidCSET82Character: "not-in-cset82"
        case .invalidCSET39Character: "not-in-cset39"
        case .invalidCSET64Character: "not-in-cset64"
        case .invalidCSET64Padding: "wrong-base64-padding"
        case .valueTooShort: "value-too-short"
        case .valueTooLong: "value-too-long"
        case .tooShortForCheckDigit: "no-check-digit"
        case .incorrectCheckDigit: "wrong-check-digit"
        case .tooShortForCheckPair: "no-check-pair"
        case .tooLongForCheckPair: "check-pair-too-far"
        case .incorrectCheckPair: "wrong-check-pair"
        case .invalidGCPPrefix: "unknown-company-prefix"
        case .requiresNonDigitCharacter: "only-digits"
        case .illegalZeroValue: "zero-value"
        case .illegalZeroPrefix: "leading-zero"
        case .notZero: "not-zero"
        case .notZeroOrOne: "not-yes-or-no"
        case .notHyphen: "not-a-minus"
        case .invalidWindingDirection: "wrong-winding-direction"
        case .dateTooShort: "date-too-short"
        case .dateTooLong: "date-too-long"
        case .illegalMonth: "no-such-month"
        case .illegalDay: "no-such-day"
        case .hourTooShort: "hour-too-short"
        case .hourTooLong: "hour-too-long"
        case .illegalHour: "no-such-hour"
        case .minuteTooShort: "minute-too-short"
        case .minuteTooLong: "minute-too-long"
        case .illegalMinute: "no-such-minute"
        case .secondTooShort: "second-too-short"
        case .secondTooLong: "second-too-long"
        case .illegalSecond: "no-such-second"
        case .hourWithMinuteTooShort: "time-too-short"
        case .hourWithMinuteTooLong: "time-too-long"
        case .latitudeInvalidLength: "latitude-length"
        case .invalidLatitude: "latitude-range"
        case .longitudeInvalidLength: "longitude-length"
        case .invalidLongitude: "longitude-range"
        case .notISO3166: "no-such-country"
        case .notISO3166Or999: "no-such-country-or-999"
        case .notISO3166Alpha2: "no-such-country-letters"
        case .notISO4217: "no-such-currency"
        case .invalidBiologicalSexCode: "wrong-sex-code"
        case .invalidMediaType: "wrong-media-type"
        case .invalidPackageType: "wrong-package-type"
        case .importerIdxMustBeOneCharacter: "importer-index-length"
        case .invalidImportIdxCharacter: "importer-index-character"
        case .invalidPercentSequence: "wrong-percent-escape"
        case .invalidLengthForPieceOfTotal: "piece-of-total-length"
        case .zeroPieceNumber: "piece-zero"
        case .zeroTotalPieces: "no-pieces"
        case .pieceNumberExceedsTotal: "piece-beyond-total"
        case .positionInSequenceMalformed: "sequence-malformed"
        case .positionExceedsEnd: "position-beyond-end"
        case .ibanTooShort: "iban-too-short"
        case .ibanTooLong: "iban-too-long"
        case .illegalIBANCountryCode: "iban-country"
        case .invalidIBANCharacter: "iban-character"
        case .incorrectIBANChecksum: "iban-checksum"
        case .couponExcessData: "coupon-excess"
        case .unknownAI: "unknown-ai"
        case .malformedElementString: "malformed-element-string"
        case .noElements: "no-elements"
        case .repeatedAI: "repeated-ai"
        case .excludedAI: "excluded-ai"
        case .requiredAI: "required-ai"
        case .serialisedKeyRequired: "serial-required"
        case .uriCharacter: "uri-character"
        case .uriScheme: "uri-scheme"
        case .uriHost: "uri-host"
        case .noPrimaryKey: "no-primary-key"
        case .emptyValue: "empty-value"
        case .wrongEscape: "wrong-escape"
        case .qualifierOrder: "qualifier-order"
        case .notAnAttribute: "not-an-attribute"
        case .belongsInPath: "belongs-in-path"
        case .invalidStem: "invalid-stem"
        case .invalidParameter: "invalid-parameter"
        case .malformedSymbologyIdentifier: "malformed-symbology"
        case .unknownSymbology: "unknown-symbology"
        case .malformedGTIN: "malformed-gtin"
        case .plainTextInGS1Symbol: "plain-text"
        case .ambiguousScan: "ambiguous-scan"
        case .notADate: "not-a-date"
        case .notAnEPCURI: "not-an-epc-uri"
        case .unknownEPCKind: "unknown-epc-kind"
        case .unknownEPCScheme: "unknown-epc-scheme"
        case .notAGS1Scheme: "not-a-gs1-scheme"
        case .wrongEPCKind: "wrong-epc-kind"
        case .epcPartCount: "epc-part-count"
        case .companyPrefixLength: "company-prefix-length"
        case .epcReferenceLength: "epc-reference-length"
        case .patternWithoutStar: "pattern-without-star"
        case .mustBeEscaped: "must-be-escaped"
        case .coupon(let part, let fault): "coupon-\(part.text)-\(fault.text)"
        }
    }
}

extension GS1Error.CouponPart {
    /// The stable name, e.g. `offer-code`.
    var text: String {
        let spaces = words.utf8.map { byte in byte == 0x20 ? 0x2D : byte }
        return String(decoding: spaces.filter { $0 != 0x27 }, as: UTF8.self)
    }

    /// As a person says it.
    var words: String {
        switch self {
        case .companyPrefix: "company prefix"
        case .offerCode: "offer code"
        case .saveValue: "save value"
        case .firstPurchaseRequirement: "first purchase requirement"
        case .firstPurchaseRequirementCode: "first purchase requirement code"
        case .firstPurchaseFamilyCode: "first purchase family code"
        case .additionalPurchaseRules: "rules for additional purchases"
        case .secondPurchaseRequirement: "second purchase requirement"
        case .secondPurchaseRequirementCode: "second purchase requirement code"
        case .secondPurchaseFamilyCode: "second purchase family code"
        case .secondPurchaseCompanyPrefix: "second purchase company prefix"
        case .thirdPurchaseRequirement: "third purchase requirement"
        case .thirdPurchaseRequirementCode: "third purchase requirement code"
        case .thirdPurchaseFamilyCode: "third purchase family code"
        case .thirdPurchaseCompanyPrefix: "third purchase company prefix"
        case .expirationDate: "expiration date"
        case .startDate: "start date"
        case .serialNumber: "serial number"
        case .retailer: "retailer's company prefix or GLN"
        case .saveValueCode: "save value code"
        case .saveValueAppliesToItem: "item that the save value applies to"
        case .storeCouponFlag: "store coupon flag"
        case .doNotMultiplyFlag: "do-not-multiply flag"
        case .formatCode: "format code"
        case .funder: "funder"
        }
    }
}

extension GS1Error.CouponFault {
    var text: String {
        switch self {
        case .missing: "missing"
        case .missingLength: "length-missing"
        case .invalid: "invalid"
        case .invalidLength: "length-invalid"
        case .truncated: "truncated"
        case .beforeStart: "before-start"
        }
    }

    var words: String {
        switch self {
        case .missing: "is missing"
        case .missingLength: "has no length indicator"
        case .invalid: "has no allowed value"
        case .invalidLength: "has no allowed length indicator"
        case .truncated: "is cut short"
        case .beforeStart: "is before the start date"
        }
    }
}
