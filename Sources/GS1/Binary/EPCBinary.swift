/// An EPC as it stands in the memory of an RFID tag: the binary encodings of EPC TDS 2.3, section 14.
///
///     let tag = try EPCBinary(hexadecimal: "3066C4409047E140075BCD15")
///     tag.scheme                // .sgtin96
///     tag.elements              // (01)09506000134352 (21)123456789
///     tag.companyPrefixLength   // 11
///     tag.identifier?.text      // "urn:epc:id:sgtin:95060001343.05.123456789"
///     tag.digitalLink()         // "https://id.gs1.org/01/09506000134352/21/123456789"
///
/// Reading is strict, and the bits that came in are those that go out: `EPCBinary(hexadecimal: text)` and
/// ``hexadecimal(alignedTo:)`` are inverse. What is made from elements is written in the fewest bits.
public struct EPCBinary: Hashable, Sendable {
    /// The coding scheme.
    public let scheme: Scheme
    /// The filter value, 0 to 7; what it means depends on the scheme. 0 for ``Scheme/gid96``, which has none.
    public let filter: UInt8
    /// The key and its serial or extension; the date of a DSGTIN behind them. Empty for a GID, which is no GS1 key.
    public let elements: [Element]
    /// How many digits of the key are the GS1 company prefix, 6 to 12, where the scheme tells it.
    public let companyPrefixLength: Int?
    /// The hostname of a `++` scheme.
    public let hostname: String?
    /// +AIDC data behind the EPC, in the order of the tag (TDS 15.3).
    public let data: [Element]
    /// The numbers of a ``Scheme/gid96``.
    public let generalIdentifier: GeneralIdentifier?
    let bits: BitString

    /// The three numbers of a General Identifier (TDS 14.6.5).
    public struct GeneralIdentifier: Hashable, Sendable {
        /// The general manager number, below 2^28.
        public let manager: UInt64
        /// The object class, below 2^24.
        public let objectClass: UInt64
        /// The serial number, below 2^36.
        public let serial: UInt64

        /// The identifier of these numbers; unchecked until an EPC is made of it.
        public init(manager: UInt64, objectClass: UInt64, serial: UInt64) {
            self.manager = manager
            self.objectClass = objectClass
            self.serial = serial
        }
    }

    /// How many bits the EPC has, without padding.
    public var bitCount: Int { bits.count }

    /// What reading or writing found, before it is known to be whole.
    struct Content {
        var elements: [Element] = []
        var companyPrefixLength: Int?
        var hostname: String?
        var data: [Element] = []
        var generalIdentifier: GeneralIdentifier?
    }

    init(scheme: Scheme, filter: UInt8, _ content: Content, bits: BitString) {
        self.scheme = scheme
        self.filter = filter
        elements = content.elements
        companyPrefixLength = content.companyPrefixLength
        hostname = content.hostname
        data = content.data
        generalIdentifier = content.generalIdentifier
        self.bits = bits
    }
}
