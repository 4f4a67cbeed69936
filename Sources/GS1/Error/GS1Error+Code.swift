extension GS1Error {
    /// What is wrong. ``text`` is the stable name of a code; the sentence and the remedy stand in ``GS1Error``.
    public enum Code: Hashable, Sendable {
        /// A character is not a digit.
        case nonDigitCharacter
        /// A character is not in GS1 character set 82.
        case invalidCSET82Character
        /// A character is not in GS1 character set 39.
        case invalidCSET39Character
        /// A character is not in GS1 character set 64.
        case invalidCSET64Character
        /// The padding with = is wrong.
        case invalidCSET64Padding
        /// The value is too short for its AI.
        case valueTooShort
        /// The value is too long for its AI.
        case valueTooLong
        /// There is no check digit.
        case tooShortForCheckDigit
        /// The check digit is wrong.
        case incorrectCheckDigit
        /// There is no pair of check characters.
        case tooShortForCheckPair
        /// The number is too long for its check characters.
        case tooLongForCheckPair
        /// The two check characters are wrong.
        case incorrectCheckPair
        /// The number does not begin with a GS1 company prefix.
        case invalidGCPPrefix
        /// There are digits only.
        case requiresNonDigitCharacter
        /// The value is zero.
        case illegalZeroValue
        /// The number has a leading zero.
        case illegalZeroPrefix
        /// This must be zero.
        case notZero
        /// This is neither 0 nor 1.
        case notZeroOrOne
        /// This is not a hyphen.
        case notHyphen
        /// This is no winding direction.
        case invalidWindingDirection
        /// The date is too short.
        case dateTooShort
        /// The date is too long.
        case dateTooLong
        /// There is no such month.
        case illegalMonth
        /// The month has no such day.
        case illegalDay
        /// The hour is too short.
        case hourTooShort
        /// The hour is too long.
        case hourTooLong
        /// There is no such hour.
        case illegalHour
        /// The minute is too short.
        case minuteTooShort
        /// The minute is too long.
        case minuteTooLong
        /// There is no such minute.
        case illegalMinute
        /// The second is too short.
        case secondTooShort
        /// The second is too long.
        case secondTooLong
        /// There is no such second.
        case illegalSecond
        /// The time of day is too short.
        case hourWithMinuteTooShort
        /// The time of day is too long.
        case hourWithMinuteTooLong
        /// The latitude does not have ten digits.
        case latitudeInvalidLength
        /// The latitude is beyond 180 degrees from the South Pole.
        case invalidLatitude
        /// The longitude does not have ten digits.
        case longitudeInvalidLength
        /// The longitude is beyond 360 degrees.
        case invalidLongitude
        /// This is no country.
        case notISO3166
        /// This is neither a country nor 999.
        case notISO3166Or999
        /// These two letters are no country.
        case notISO3166Alpha2
        /// This is no currency.
        case notISO4217
        /// This is no code of ISO 5218.
        case invalidBiologicalSexCode
        /// This is no AIDC media type.
        case invalidMediaType
        /// This is no package type.
        case invalidPackageType
        /// The importer index is not one character.
        case importerIdxMustBeOneCharacter
        /// This character is no importer index.
        case invalidImportIdxCharacter
        /// A percent sign is not followed by two hex digits.
        case invalidPercentSequence
        /// Piece number and count do not have the same number of digits.
        case invalidLengthForPieceOfTotal
        /// The piece has number zero.
        case zeroPieceNumber
        /// The count of pieces is zero.
        case zeroTotalPieces
        /// The piece's number is above the count of pieces.
        case pieceNumberExceedsTotal
        /// This is not a position, a slash and an end.
        case positionInSequenceMalformed
        /// The position is beyond the end of its sequence.
        case positionExceedsEnd
        /// The IBAN is too short.
        case ibanTooShort
        /// The IBAN has more than 34 characters.
        case ibanTooLong
        /// The IBAN does not begin with a country.
        case illegalIBANCountryCode
        /// A character may not stand in an IBAN.
        case invalidIBANCharacter
        /// The check digits of the IBAN are wrong.
        case incorrectIBANChecksum
        /// Digits are left behind the coupon's last field.
        case couponExcessData
        /// There is no such application identifier.
        case unknownAI
        /// This is not an element string.
        case malformedElementString
        /// There are no elements.
        case noElements
        /// The same AI stands there twice with different values.
        case repeatedAI
        /// Two AIs may not stand together.
        case excludedAI
        /// An AI lacks what must stand beside it.
        case requiredAI
        /// A digital signature needs a key with its serial.
        case serialisedKeyRequired
        /// A character may not stand in a URI.
        case uriCharacter
        /// The URI does not begin with http:// or https://.
        case uriScheme
        /// The URI has no host, or no path behind it.
        case uriHost
        /// No key is found.
        case noPrimaryKey
        /// An AI has no value.
        case emptyValue
        /// A percent escape is broken or stands for nothing that a value may hold.
        case wrongEscape
        /// These qualifiers may not follow this key so.
        case qualifierOrder
        /// This AI may not stand in the query of a Digital Link.
        case notAnAttribute
        /// This AI is a qualifier of the key and stands in the query.
        case belongsInPath
        /// A Digital Link cannot begin so.
        case invalidStem
        /// An extension parameter or fragment cannot be written so.
        case invalidParameter
        /// The symbology identifier is cut short.
        case malformedSymbologyIdentifier
        /// This symbology carries no GS1 data.
        case unknownSymbology
        /// This is not the number of an EAN, UPC or ITF-14 symbol.
        case malformedGTIN
        /// This is not GS1 data.
        case plainTextInGS1Symbol
        /// This can be read as a GTIN and as element strings.
        case ambiguousScan
        /// This AI holds no date.
        case notADate
        /// The text does not begin as an EPC URI.
        case notAnEPCURI
        /// There is no such kind of EPC URI, or it names no object.
        case unknownEPCKind
        /// EPC has no such scheme.
        case unknownEPCScheme
        /// The scheme of EPC is none of a GS1 key.
        case notAGS1Scheme
        /// The scheme does not stand behind this kind.
        case wrongEPCKind
        /// The EPC URI has too few or too many parts.
        case epcPartCount
        /// The company prefix is not 6 to 12 digits long.
        case companyPrefixLength
        /// A reference of an EPC URI does not have its number of digits.
        case epcReferenceLength
        /// The pattern of a class does not end with a star.
        case patternWithoutStar
        /// A character stands bare that an EPC URI must escape.
        case mustBeEscaped
        /// A part of a coupon (AI 8110 or 8112) is wrong in this way.
        case coupon(CouponPart, CouponFault)
    }

    /// A field of a North American coupon.
    public enum CouponPart: Hashable, Sendable {
        /// The company prefix.
        case companyPrefix
        /// The offer code.
        case offerCode
        /// The save value.
        case saveValue
        /// The first purchase requirement.
        case firstPurchaseRequirement
        /// The first purchase requirement code.
        case firstPurchaseRequirementCode
        /// The first purchase family code.
        case firstPurchaseFamilyCode
        /// The rules for additional purchases.
        case additionalPurchaseRules
        /// The second purchase requirement.
        case secondPurchaseRequirement
        /// The second purchase requirement code.
        case secondPurchaseRequirementCode
        /// The second purchase family code.
        case secondPurchaseFamilyCode
        /// The second purchase company prefix.
        case secondPurchaseCompanyPrefix
        /// The third purchase requirement.
        case thirdPurchaseRequirement
        /// The third purchase requirement code.
        case thirdPurchaseRequirementCode
        /// The third purchase family code.
        case thirdPurchaseFamilyCode
        /// The third purchase company prefix.
        case thirdPurchaseCompanyPrefix
        /// The expiration date.
        case expirationDate
        /// The start date.
        case startDate
        /// The serial number.
        case serialNumber
        /// The retailer's company prefix or GLN.
        case retailer
        /// The save value code.
        case saveValueCode
        /// The item that the save value applies to.
        case saveValueAppliesToItem
        /// The store coupon flag.
        case storeCouponFlag
        /// The do-not-multiply flag.
        case doNotMultiplyFlag
        /// The format code.
        case formatCode
        /// The funder.
        case funder
    }

    /// What is wrong with a field of a coupon.
    public enum CouponFault: Hashable, Sendable {
        /// It is missing.
        case missing
        /// It has no length indicator.
        case missingLength
        /// It has no allowed value.
        case invalid
        /// It has no allowed length indicator.
        case invalidLength
        /// It is cut short.
        case truncated
        /// It is before the start date.
        case beforeStart
    }
}
