public import GS1

/// A vocabulary term as written: a bare CBV string (`shipping`), a CURIE or a URI. Meaning is ``Vocabulary``'s.
public struct Term: Hashable, Sendable {
    /// The term as written.
    public var text: String

    /// The term with this text.
    public init(_ text: String) { self.text = text }
}

/// So much of one class of objects: EPCIS 2.0 section 7.3.3.3.
public struct QuantityElement: Hashable, Sendable {
    /// The class: a lot, a product, a type of asset.
    public var epcClass: Identifier
    /// How much; absent when unknown.
    public var quantity: Number?
    /// Unit of measure, UN/CEFACT recommendation 20; absent when ``quantity`` counts pieces.
    public var uom: String?
    /// Any further field.
    public var extensions: [Field]

    /// So much of `epcClass`.
    public init(epcClass: Identifier, quantity: Number? = nil, uom: String? = nil, extensions: [Field] = []) {
        self.epcClass = epcClass
        self.quantity = quantity
        self.uom = uom
        self.extensions = extensions
    }
}

/// A read point or business location.
public struct Location: Hashable, Sendable {
    /// `id`.
    public var id: Identifier
    /// Any further field.
    public var extensions: [Field]

    /// The location with this id.
    public init(_ id: Identifier, extensions: [Field] = []) {
        self.id = id
        self.extensions = extensions
    }
}

/// A business document that the event belongs to.
public struct BusinessTransaction: Hashable, Sendable {
    /// What kind of document; absent when unknown.
    public var type: Term?
    /// The document.
    public var bizTransaction: Identifier
    /// Any further field.
    public var extensions: [Field]

    /// The document `bizTransaction`.
    public init(type: Term?, bizTransaction: Identifier, extensions: [Field] = []) {
        self.type = type
        self.bizTransaction = bizTransaction
        self.extensions = extensions
    }
}

/// One end of a transfer: an owning or possessing party, or a location.
public struct SourceOrDestination: Hashable, Sendable {
    /// What kind of end.
    public var type: Term
    /// Who or where.
    public var id: Identifier
    /// Any further field.
    public var extensions: [Field]

    /// The end `id` of a transfer.
    public init(type: Term, id: Identifier, extensions: [Field] = []) {
        self.type = type
        self.id = id
        self.extensions = extensions
    }
}

/// States that an event sets or takes back for good: EPCIS 2.0 section 7.3.5.4.
public struct PersistentDisposition: Hashable, Sendable {
    /// States that now hold.
    public var set: [Term]?
    /// States that no longer hold.
    public var unset: [Term]?

    /// `set` and `unset`.
    public init(set: [Term]? = nil, unset: [Term]? = nil) {
        self.set = set
        self.unset = unset
    }
}

/// "That event was wrong": EPCIS 2.0 section 7.4.1.3, the only way to correct a ledger.
public struct ErrorDeclaration: Hashable, Sendable {
    /// When it was declared.
    public var declarationTime: Timestamp
    /// Why.
    public var reason: Term?
    /// The events that say it right.
    public var correctiveEventIDs: [String]?
    /// Any further field.
    public var extensions: [Field]

    /// A declaration made at `declarationTime`.
    public init(
        declarationTime: Timestamp,
        reason: Term? = nil,
        correctiveEventIDs: [String]? = nil,
        extensions: [Field] = []
    ) {
        self.declarationTime = declarationTime
        self.reason = reason
        self.correctiveEventIDs = correctiveEventIDs
        self.extensions = extensions
    }
}

/// Certificates by URI. JSON allows one string or a list of them, and which it was is kept.
public struct CertificationInfo: Hashable, Sendable {
    /// The URIs.
    public var references: [String]
    /// Whether JSON has a list, also for one.
    public var isList: Bool

    /// `references`, as a list or as the one string.
    public init(references: [String], isList: Bool) {
        self.references = references
        self.isList = isList
    }
}
