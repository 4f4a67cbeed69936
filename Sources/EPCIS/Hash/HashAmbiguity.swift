/// A place in an event where other implementations of the CBV 2.0 event hash may come to another hash.
public struct HashAmbiguity: Hashable, Sendable {
    /// Why they may.
    public let reason: Reason
    /// The name of the field, as in JSON.
    public let field: String

    /// What the standard's text, its published hashes and the two public implementations do not agree on.
    public enum Reason: Hashable, Sendable, CaseIterable {
        /// `parentID` and `epcList` in one event.
        case parentBesideEPCs
        /// `certificationInfo` is there.
        case certificationInfo
        /// Fields whose order differs between the standard's table and the published hashes.
        case fieldOrder
        /// A time says more than milliseconds.
        case subMillisecondTime
        /// A number that a binary double does not hold to the digit or writes with an exponent.
        case number
        /// A text that reads as a number.
        case numericText
        /// A text that stands for no finite number.
        case infinity
        /// A Digital Link whose key has a wrong check digit.
        case checkDigit
        /// A name whose prefix no context declares.
        case undeclaredPrefix
        /// A value that is a CURIE of a user's own namespace.
        case userCURIE
        /// A JSON true or false.
        case boolean
        /// A JSON null.
        case null
        /// A field of no standard where the standard has no extension point.
        case noExtensionPoint
        /// A business transaction without a type.
        case missingType

        /// A stable name for programs.
        public var code: String {
            switch self {
            case .parentBesideEPCs: "parent-beside-epcs"
            case .certificationInfo: "certification-info"
            case .fieldOrder: "field-order"
            case .subMillisecondTime: "sub-millisecond-time"
            case .number: "number"
            case .numericText: "numeric-text"
            case .infinity: "infinity"
            case .checkDigit: "check-digit"
            case .undeclaredPrefix: "undeclared-prefix"
            case .userCURIE: "user-curie"
            case .boolean: "boolean"
            case .null: "null"
            case .noExtensionPoint: "no-extension-point"
            case .missingType: "missing-type"
            }
        }

        /// What differs and what is done here, in one sentence.
        public var meaning: String {
            switch self {
            case .parentBesideEPCs:
                "epcList is hashed before parentID, as the table of CBV 2.0 has it; the reference implementation does the reverse"
            case .certificationInfo:
                "it is hashed, as in the published hashes; the table of CBV 2.0 does not name it and OpenEPCIS leaves it out"
            case .fieldOrder:
                "hashed in the order of the published hashes (sensorElementList, bizTransactionList, destinationList, ilmd, sourceList), which is not that of the table of CBV 2.0"
            case .subMillisecondTime:
                "rounded half up to milliseconds, as CBV 2.0 says; the reference implementation rounds a tie to even and loses events at .9995 and above"
            case .number:
                "hashed to the digit; implementations that read it into a double hash other digits or an exponent"
            case .numericText:
                "a decimal number in quotes is hashed as the number, since XML cannot tell them apart; other texts that a program may read as a number are hashed as they are"
            case .infinity: "hashed as the text that it is; the reference implementation drops the event"
            case .checkDigit: "the check digit is wrong; the link is brought to canonical form all the same, with it"
            case .undeclaredPrefix: "no context declares its prefix, so the name is hashed as it is written"
            case .userCURIE:
                "the CURIE is hashed as the URI it stands for, as CBV 2.0 says; readers of XML and newer versions of the reference implementation keep it"
            case .boolean:
                "hashed as true or false, as in XML; version 1.9.3 of the reference implementation has True or False"
            case .null: "null says nothing and is left out; the reference implementation hashes it as None"
            case .noExtensionPoint:
                "CBV 2.0 has no extension point there; the field is hashed at the end of its parent"
            case .missingType: "hashed without a type; the reference implementation drops the event"
            }
        }
    }
}
