extension GS1Error.Code {
    /// The stable name, e.g. `wrong-check-digit`.
    public var text: String {
        if case .coupon(let part, let fault) = self { return "coupon-\(part.text)-\(fault.text)" }
        return words.name
    }

    /// Name, sentence and remedy of every code but those of coupons.
    var words: (name: String, reason: String, remedy: String) {
        switch self {
        case .nonDigitCharacter:
            (
                "non-digit", "a character is not a digit",
                "Only 0 to 9 may stand here."
            )
        case .invalidCSET82Character:
            (
                "not-in-cset82", "a character is not in GS1 character set 82",
                "Use letters without accents, digits and !\"%&'()*+,-./:;<=>?_ only; no space."
            )
        case .invalidCSET39Character:
            (
                "not-in-cset39", "a character is not in GS1 character set 39",
                "Use capitals, digits and #-/ only."
            )
        case .invalidCSET64Character:
            (
                "not-in-cset64", "a character is not in GS1 character set 64",
                "Use letters without accents, digits, - and _ only (base64url)."
            )
        case .invalidCSET64Padding:
            (
                "wrong-base64-padding", "the padding with = is wrong",
                "Write base64url without padding."
            )
        case .valueTooShort:
            (
                "value-too-short", "the value is too short for its AI",
                "Give all characters that the AI asks for; leading zeros count."
            )
        case .valueTooLong:
            (
                "value-too-long", "the value is too long for its AI",
                "Give no more characters than the AI allows; in scan data a separator (FNC1) may be missing in front of the next AI."
            )
        case .tooShortForCheckDigit:
            (
                "no-check-digit", "there is no check digit",
                "Give the whole number with its check digit."
            )
        case .incorrectCheckDigit:
            (
                "wrong-check-digit", "the check digit is wrong",
                "Compare with the label: a digit is mistyped or two are swapped."
            )
        case .tooShortForCheckPair:
            (
                "no-check-pair", "there is no pair of check characters",
                "Give the whole number with its two check characters."
            )
        case .tooLongForCheckPair:
            (
                "check-pair-too-far", "the number is too long for its check characters",
                "Give at most 99 characters."
            )
        case .incorrectCheckPair:
            (
                "wrong-check-pair", "the two check characters are wrong",
                "Compare with the label: a character is mistyped or two are swapped."
            )
        case .invalidGCPPrefix:
            (
                "unknown-company-prefix", "the number does not begin with a GS1 company prefix",
                "Ask the issuer of the number for its GS1 company prefix."
            )
        case .requiresNonDigitCharacter:
            (
                "only-digits", "there are digits only",
                "At least one character must not be a digit."
            )
        case .illegalZeroValue:
            (
                "zero-value", "the value is zero",
                "Give a value above zero."
            )
        case .illegalZeroPrefix:
            (
                "leading-zero", "the number has a leading zero",
                "Write the number without leading zeros."
            )
        case .notZero:
            (
                "not-zero", "this must be zero",
                "Write 0 here."
            )
        case .notZeroOrOne:
            (
                "not-yes-or-no", "this is neither 0 nor 1",
                "Write 1 for yes or 0 for no."
            )
        case .notHyphen:
            (
                "not-a-minus", "this is not a hyphen",
                "Write - for a temperature below zero, or leave it out."
            )
        case .invalidWindingDirection:
            (
                "wrong-winding-direction", "this is no winding direction",
                "Write 0 for face out, 1 for face in or 9 for undefined."
            )
        case .dateTooShort:
            (
                "date-too-short", "the date is too short",
                "Write year, month and day with two digits each."
            )
        case .dateTooLong:
            (
                "date-too-long", "the date is too long",
                "Write year, month and day with two digits each."
            )
        case .illegalMonth:
            (
                "no-such-month", "there is no such month",
                "Write the month as 01 to 12, behind the year."
            )
        case .illegalDay:
            (
                "no-such-day", "the month has no such day",
                "Check the day; 00 for no day in particular is not allowed with every AI."
            )
        case .hourTooShort:
            (
                "hour-too-short", "the hour is too short",
                "Write the hour with two digits."
            )
        case .hourTooLong:
            (
                "hour-too-long", "the hour is too long",
                "Write the hour with two digits."
            )
        case .illegalHour:
            (
                "no-such-hour", "there is no such hour",
                "Write the hour as 00 to 23."
            )
        case .minuteTooShort:
            (
                "minute-too-short", "the minute is too short",
                "Write the minute with two digits."
            )
        case .minuteTooLong:
            (
                "minute-too-long", "the minute is too long",
                "Write the minute with two digits."
            )
        case .illegalMinute:
            (
                "no-such-minute", "there is no such minute",
                "Write the minute as 00 to 59."
            )
        case .secondTooShort:
            (
                "second-too-short", "the second is too short",
                "Write the second with two digits."
            )
        case .secondTooLong:
            (
                "second-too-long", "the second is too long",
                "Write the second with two digits."
            )
        case .illegalSecond:
            (
                "no-such-second", "there is no such second",
                "Write the second as 00 to 59."
            )
        case .hourWithMinuteTooShort:
            (
                "time-too-short", "the time of day is too short",
                "Write hour and minute with two digits each."
            )
        case .hourWithMinuteTooLong:
            (
                "time-too-long", "the time of day is too long",
                "Write hour and minute with two digits each."
            )
        case .latitudeInvalidLength:
            (
                "latitude-length", "the latitude does not have ten digits",
                "Write (degrees + 90) times 10000000 with ten digits."
            )
        case .invalidLatitude:
            (
                "latitude-range", "the latitude is beyond 180 degrees from the South Pole",
                "Write (degrees + 90) times 10000000 with ten digits."
            )
        case .longitudeInvalidLength:
            (
                "longitude-length", "the longitude does not have ten digits",
                "Write (degrees + 360) modulo 360 times 10000000 with ten digits."
            )
        case .invalidLongitude:
            (
                "longitude-range", "the longitude is beyond 360 degrees",
                "Write (degrees + 360) modulo 360 times 10000000 with ten digits."
            )
        case .notISO3166:
            (
                "no-such-country", "this is no country",
                "Use the three-digit code of ISO 3166-1, e.g. 156 for China."
            )
        case .notISO3166Or999:
            (
                "no-such-country-or-999", "this is neither a country nor 999",
                "Use the three-digit code of ISO 3166-1, or 999 for several countries."
            )
        case .notISO3166Alpha2:
            (
                "no-such-country-letters", "these two letters are no country",
                "Use the two capitals of ISO 3166-1, e.g. CN."
            )
        case .notISO4217:
            (
                "no-such-currency", "this is no currency",
                "Use the three-digit code of ISO 4217, e.g. 156 for the yuan."
            )
        case .invalidBiologicalSexCode:
            (
                "wrong-sex-code", "this is no code of ISO 5218",
                "Use 0 not known, 1 male, 2 female or 9 not applicable."
            )
        case .invalidMediaType:
            (
                "wrong-media-type", "this is no AIDC media type",
                "Use 01 to 10, or 80 to 99."
            )
        case .invalidPackageType:
            (
                "wrong-package-type", "this is no package type",
                "Use a code of the GS1 list PackageTypeCode, e.g. CT for a carton."
            )
        case .importerIdxMustBeOneCharacter:
            (
                "importer-index-length", "the importer index is not one character",
                "Use one character."
            )
        case .invalidImportIdxCharacter:
            (
                "importer-index-character", "this character is no importer index",
                "Use a letter, a digit, - or _."
            )
        case .invalidPercentSequence:
            (
                "wrong-percent-escape", "a percent sign is not followed by two hex digits",
                "Write a percent sign as %25."
            )
        case .invalidLengthForPieceOfTotal:
            (
                "piece-of-total-length", "piece number and count do not have the same number of digits",
                "Write both with two digits."
            )
        case .zeroPieceNumber:
            (
                "piece-zero", "the piece has number zero",
                "Number the pieces from 01."
            )
        case .zeroTotalPieces:
            (
                "no-pieces", "the count of pieces is zero",
                "Give the count of all pieces."
            )
        case .pieceNumberExceedsTotal:
            (
                "piece-beyond-total", "the piece's number is above the count of pieces",
                "Check both numbers; the piece comes first."
            )
        case .positionInSequenceMalformed:
            (
                "sequence-malformed", "this is not a position, a slash and an end",
                "Write it as 1/3."
            )
        case .positionExceedsEnd:
            (
                "position-beyond-end", "the position is beyond the end of its sequence",
                "Check both numbers; the position comes first."
            )
        case .ibanTooShort:
            (
                "iban-too-short", "the IBAN is too short",
                "Give the whole IBAN without spaces."
            )
        case .ibanTooLong:
            (
                "iban-too-long", "the IBAN has more than 34 characters",
                "Give the IBAN without spaces."
            )
        case .illegalIBANCountryCode:
            (
                "iban-country", "the IBAN does not begin with a country",
                "Begin with the two capitals of the country."
            )
        case .invalidIBANCharacter:
            (
                "iban-character", "a character may not stand in an IBAN",
                "Use capitals and digits only, without spaces."
            )
        case .incorrectIBANChecksum:
            (
                "iban-checksum", "the check digits of the IBAN are wrong",
                "Compare with the bank's paper: a character is mistyped or two are swapped."
            )
        case .couponExcessData:
            (
                "coupon-excess", "digits are left behind the coupon's last field",
                "Check the length indicators of the fields before."
            )
        case .unknownAI:
            (
                "unknown-ai", "there is no such application identifier",
                "Compare with the GS1 list of application identifiers; in scan data a separator (FNC1) may be missing."
            )
        case .malformedElementString:
            (
                "malformed-element-string", "this is not an element string",
                "Write each AI in brackets in front of its value, e.g. (01)09506000134352(10)ABC; an opening bracket within a value as \\(."
            )
        case .noElements:
            (
                "no-elements", "there are no elements",
                "Give at least one AI with its value."
            )
        case .repeatedAI:
            (
                "repeated-ai", "the same AI stands there twice with different values",
                "Keep the right one."
            )
        case .excludedAI:
            (
                "excluded-ai", "two AIs may not stand together",
                "Take one of the two off the label, or put it on another level of packing."
            )
        case .requiredAI:
            (
                "required-ai", "an AI lacks what must stand beside it",
                "Add what is missing."
            )
        case .serialisedKeyRequired:
            (
                "serial-required", "a digital signature needs a key with its serial",
                "Add the serial to the key, or sign no class of objects."
            )
        case .uriCharacter:
            (
                "uri-character", "a character may not stand in a URI",
                "Write it as % with two hex digits."
            )
        case .uriScheme:
            (
                "uri-scheme", "the URI does not begin with http:// or https://",
                "Begin with https://, all in one case."
            )
        case .uriHost:
            (
                "uri-host", "the URI has no host, or no path behind it",
                "Write a domain name and then the path, e.g. https://example.com/01/09506000134352."
            )
        case .noPrimaryKey:
            (
                "no-primary-key", "no key is found",
                "Put a key such as 01 (GTIN) or 00 (SSCC) with its value in front of all qualifiers."
            )
        case .emptyValue:
            (
                "empty-value", "an AI has no value",
                "Give the value, or leave the AI out."
            )
        case .wrongEscape:
            (
                "wrong-escape", "a percent escape is broken or stands for nothing that a value may hold",
                "Write % and two hex digits; a percent sign as %25."
            )
        case .qualifierOrder:
            (
                "qualifier-order", "these qualifiers may not follow this key so",
                "Order them as the standard does, e.g. 22, 10, 21 behind 01."
            )
        case .notAnAttribute:
            (
                "not-an-attribute", "this AI may not stand in the query of a Digital Link",
                "Put qualifiers in the path; leave out what is neither a qualifier nor an attribute."
            )
        case .belongsInPath:
            (
                "belongs-in-path", "this AI is a qualifier of the key and stands in the query",
                "Put it into the path behind the key."
            )
        case .invalidStem:
            (
                "invalid-stem", "a Digital Link cannot begin so",
                "Give https://, a domain name and perhaps a path."
            )
        case .invalidParameter:
            (
                "invalid-parameter", "an extension parameter or fragment cannot be written so",
                "Give it with its escapes, without &, and no key of digits only."
            )
        case .malformedSymbologyIdentifier:
            (
                "malformed-symbology", "the symbology identifier is cut short",
                "Have the scanner send ] with two characters, or none."
            )
        case .unknownSymbology:
            (
                "unknown-symbology", "this symbology carries no GS1 data",
                "Scan a GS1 symbol."
            )
        case .malformedGTIN:
            (
                "malformed-gtin", "this is not the number of an EAN or UPC symbol",
                "Scan again: 8 or 13 digits with a right check digit must come."
            )
        case .plainTextInGS1Symbol:
            (
                "plain-text", "this is not GS1 data",
                "Use a symbology that carries plain text."
            )
        case .ambiguousScan:
            (
                "ambiguous-scan", "this can be read as a GTIN and as element strings",
                "Have the scanner send symbology identifiers."
            )
        case .notADate:
            (
                "not-a-date", "this AI holds no date",
                "Ask an AI that holds one, such as 11, 13, 15 or 17."
            )
        case .coupon(let part, let fault):
            (
                "coupon", "the coupon's \(part.words) \(fault.words)",
                "Check the length indicators and fields of the coupon code."
            )
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
