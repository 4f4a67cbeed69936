import GS1

/// An object by what it is, not by how it is spelt: one EPC URN and one Digital Link of the same item are one key.
struct ObjectKey: Hashable, Sendable {
    private let bytes: [UInt8]

    init(_ identifier: Identifier) {
        guard !identifier.elements.isEmpty else {
            bytes = Array(identifier.text.utf8)
            return
        }
        var bytes: [UInt8] = []
        for element in identifier.elements {
            bytes += [0x28, UInt8(truncatingIfNeeded: element.ai >> 8), UInt8(truncatingIfNeeded: element.ai)]
            bytes += element.value.utf8
        }
        self.bytes = bytes
    }

    init(text: String) { bytes = Array(text.utf8) }
}

/// What is known of objects from earlier events, for the rules of ``ValidationRule/Layer/sense``: a fold over events in any
/// order, with state of one size for each object and each event ID.
///
/// Feed it with ``add(_:)`` from what a ledger holds; ``EventValidator`` adds what it validates.
public struct History: Sendable {
    /// Something that an event made true.
    struct Fact {
        var time: Int64
        /// The ID of the event, by which it can be declared wrong.
        var event: ObjectKey?
    }

    /// A shipping or receiving.
    struct Transfer {
        var fact: Fact
        /// Despatch advices, bills of lading and destinations: what the two ends of one transfer have in common.
        var marks: [ObjectKey]
        /// Whether the other end is known.
        var isMatched = false
    }

    /// What is known of one object.
    struct Object {
        var firstSeen: Int64
        var lastSeen: Int64
        var commissioned: Fact?
        /// Decommissioned or destroyed.
        var ended: Fact?
        /// What it was packed into last, if it was not taken out again.
        var parent: ObjectKey?
        /// When ``parent`` changed last, to something or to nothing.
        var parentFact: Fact?
        /// As a container: when something was packed into it last.
        var filled: Fact?
        /// As a container: when it was emptied.
        var emptied: Fact?
        /// When it last changed hands: others may have packed or unpacked it then.
        var handedOver: Int64?
        var shipped: Transfer?
        var firstShipped: Int64?
        var received: Transfer?
        /// When it expires, from its master data.
        var expires: Int64?
    }

    /// What is known of an event ID.
    struct KnownEvent {
        var fingerprint: Int
        var isDeclaredWrong = false
    }

    private(set) var objects: [ObjectKey: Object] = [:]
    private(set) var eventIDs: [ObjectKey: KnownEvent] = [:]
    /// Of every event without its record time: within one process only, since the hash is seeded.
    private(set) var fingerprints: Set<Int> = []
    /// IDs of events that come in the same call.
    var announced: Set<ObjectKey> = []

    /// Nothing is known yet.
    public init() {}

    static func fingerprint(_ event: EPCISEvent) -> Int {
        guard event.recordTime != nil else { return event.hashValue }
        var copy = event
        copy.recordTime = nil
        return copy.hashValue
    }

    /// Takes in an event: what it says is true from now on, and with an error declaration what it said is not.
    public mutating func add(_ event: EPCISEvent) { add(event, fingerprint: History.fingerprint(event)) }

    mutating func add(_ event: EPCISEvent, fingerprint: Int) {
        guard fingerprints.insert(fingerprint).inserted else { return }
        if event.errorDeclaration != nil { return retract(event) }
        let id = event.eventID.map { ObjectKey(text: $0) }
        if let id {
            if eventIDs[id]?.isDeclaredWrong == true { return }
            if eventIDs[id] == nil { eventIDs[id] = KnownEvent(fingerprint: fingerprint) }
        }
        let step = EventStep(event)
        let fact = Fact(time: event.eventTime.milliseconds, event: id)
        for object in event.objects {
            let key = ObjectKey(object)
            let isClass = object.isClass
            update(key, at: fact.time, isPreparation: step.isPreparation) { state in
                if step.isHandOver { state.handedOver = max(state.handedOver ?? fact.time, fact.time) }
                guard !isClass else { return }
                if event.kind == .object, event.action == .add, state.commissioned == nil || state.ended != nil {
                    state.commissioned = fact
                    state.ended = nil
                }
                if step.endsLife(event) { state.ended = state.ended ?? fact }
            }
        }
        if step.isShipping || step.isReceiving { addTransfer(event, fact, isShipping: step.isShipping) }
        if event.kind == .aggregation { addAggregation(event, fact) }
        addExpiry(event)
    }

    /// Takes back what the event with this ID said: its declaration repeats it, and so names the same objects.
    mutating func retract(_ event: EPCISEvent) {
        guard let id = event.eventID.map({ ObjectKey(text: $0) }) else { return }
        eventIDs[id, default: KnownEvent(fingerprint: 0)].isDeclaredWrong = true
        for key in event.objects.map(ObjectKey.init) {
            guard var state = objects[key] else { continue }
            if state.commissioned?.event == id { state.commissioned = nil }
            if state.ended?.event == id { state.ended = nil }
            if state.parentFact?.event == id { (state.parent, state.parentFact) = (nil, nil) }
            if state.filled?.event == id { state.filled = nil }
            if state.emptied?.event == id { state.emptied = nil }
            if state.shipped?.fact.event == id { (state.shipped, state.firstShipped) = (nil, nil) }
            if state.received?.fact.event == id { state.received = nil }
            objects[key] = state
        }
    }

    private mutating func update(
        _ key: ObjectKey,
        at time: Int64,
        isPreparation: Bool = false,
        _ change: (inout Object) -> Void
    ) {
        var state = objects[key] ?? Object(firstSeen: isPreparation ? .max : time, lastSeen: time)
        if !isPreparation { state.firstSeen = min(state.firstSeen, time) }
        state.lastSeen = max(state.lastSeen, time)
        change(&state)
        objects[key] = state
    }

    private mutating func addTransfer(_ event: EPCISEvent, _ fact: Fact, isShipping: Bool) {
        let marks = event.transferMarks
        for object in event.objects {
            update(ObjectKey(object), at: fact.time) { state in
                if isShipping {
                    state.firstShipped = min(state.firstShipped ?? fact.time, fact.time)
                    state.shipped = Transfer(fact: fact, marks: marks)
                } else {
                    let isMatched = state.firstShipped.map { $0 <= fact.time } ?? false
                    state.received = Transfer(fact: fact, marks: marks, isMatched: isMatched)
                }
            }
        }
    }

    private mutating func addAggregation(_ event: EPCISEvent, _ fact: Fact) {
        guard event.action != .observe else { return }
        let parent = event.parentID.map(ObjectKey.init)
        if let parent {
            update(parent, at: fact.time) { state in
                if event.action == .add, fact.time >= state.filled?.time ?? .min { state.filled = fact }
                let takesAll = event.childEPCs.isNilOrEmpty && event.childQuantityList.isNilOrEmpty
                if event.action == .delete, takesAll, fact.time >= state.emptied?.time ?? .min { state.emptied = fact }
            }
        }
        for child in event.childEPCs ?? [] {
            update(ObjectKey(child), at: fact.time) { state in
                // What comes late does not undo what happened after it.
                guard fact.time >= state.parentFact?.time ?? .min else { return }
                state.parent = event.action == .add ? parent : nil
                state.parentFact = fact
            }
        }
    }

    private mutating func addExpiry(_ event: EPCISEvent) {
        guard let dates = MasterData(event), let expires = dates.expiry?.end else { return }
        let made =
            event.kind == .transformation
            ? (event.outputEPCList ?? []) + (event.outputQuantityList ?? []).map { $0.epcClass }
            : (event.epcList ?? []) + (event.quantityList ?? []).map { $0.epcClass }
        for object in made {
            update(ObjectKey(object), at: event.eventTime.milliseconds) { $0.expires = expires }
        }
    }
}

extension History {
    /// What the object is packed in at `time` and since when, as far as this is known: nothing where the container was
    /// emptied, or where it or one around it changed hands meanwhile.
    func openParent(of key: ObjectKey, at time: Int64) -> ObjectKey? {
        guard let state = objects[key], let parent = state.parent, let since = state.parentFact?.time, since <= time
        else { return nil }
        if let emptied = objects[parent]?.emptied?.time, emptied >= since { return nil }
        return changedHands(key, since: since) ? nil : parent
    }

    /// Whether the object, or a container around it, changed hands at or after `since`.
    func changedHands(_ key: ObjectKey, since: Int64) -> Bool {
        var current: ObjectKey? = key
        // Deeper than this nothing is packed; a circle ends too.
        for _ in 0..<16 {
            guard let key = current, let state = objects[key] else { return false }
            if let time = state.handedOver, time >= since { return true }
            current = state.parent
        }
        return false
    }
}

/// What the business step and action of an event mean for its objects.
struct EventStep {
    let isShipping: Bool
    let isReceiving: Bool
    /// Whether others may have had the objects in their hands around it.
    let isHandOver: Bool
    /// Whether it may come before the objects are commissioned.
    let isPreparation: Bool
    private let isEnd: Bool

    init(_ event: EPCISEvent) {
        isShipping = event.hasStep("shipping")
        isReceiving = event.hasStep("receiving")
        isHandOver =
            isShipping || isReceiving || event.hasStep("departing") || event.hasStep("arriving")
            || event.hasStep("accepting") || event.hasStep("consigning") || event.hasStep("transporting")
        isPreparation = event.hasStep("encoding") || event.hasStep("reserving")
        isEnd = event.hasStep("decommissioning") || event.hasStep("destroying")
    }

    /// Whether the objects exist no longer after it.
    func endsLife(_ event: EPCISEvent) -> Bool { event.kind == .object && (event.action == .delete || isEnd) }
}

extension EPCISEvent {
    /// What the two ends of one transfer have in common: its despatch advice or bill of lading, and its destinations.
    var transferMarks: [ObjectKey] {
        var marks: [ObjectKey] = []
        for transaction in bizTransactionList ?? [] {
            guard let type = transaction.type, let (_, code) = Vocabulary.bizTransactionTypes.lookUp(type),
                let bare = Vocabulary.bizTransactionTypes.term(code)?.text
            else { continue }
            if bare.utf8.elementsEqual("desadv".utf8) || bare.utf8.elementsEqual("bol".utf8) {
                marks.append(ObjectKey(transaction.bizTransaction))
            }
        }
        for end in destinationList ?? [] where end.isOf(type: "location") { marks.append(ObjectKey(end.id)) }
        return marks
    }
}
