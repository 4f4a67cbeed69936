/// The map keys of the event payload (`Docs/Formats/event-payload.cddl`). Frozen: numbers are only ever added.
enum PayloadKey {
    static let type: Int64 = 0
    static let eventTime: Int64 = 1
    static let eventTimeZoneOffset: Int64 = 2
    static let recordTime: Int64 = 3
    static let eventID: Int64 = 4
    static let action: Int64 = 5
    static let epcList: Int64 = 6
    static let quantityList: Int64 = 7
    static let parentID: Int64 = 8
    static let childEPCs: Int64 = 9
    static let childQuantityList: Int64 = 10
    static let inputEPCList: Int64 = 11
    static let inputQuantityList: Int64 = 12
    static let outputEPCList: Int64 = 13
    static let outputQuantityList: Int64 = 14
    static let transformationID: Int64 = 15
    static let bizStep: Int64 = 16
    static let disposition: Int64 = 17
    static let persistentDisposition: Int64 = 18
    static let readPoint: Int64 = 19
    static let bizLocation: Int64 = 20
    static let bizTransactionList: Int64 = 21
    static let sourceList: Int64 = 22
    static let destinationList: Int64 = 23
    static let sensorElementList: Int64 = -1
    static let ilmd: Int64 = -2
    static let certificationInfo: Int64 = -3
    static let errorDeclaration: Int64 = -4
    static let extensions: Int64 = -5
    static let namespaces: Int64 = -6
    static let context: Int64 = -7
    static let items: Int64 = -8
}

/// What errors of this format call themselves.
let payloadFormat = "event payload"

/// The sentence for a key or code that this version does not know.
func newerVersion(_ what: String) -> String {
    "\(what) is not known here: the payload was made by a newer version, update this program to read it"
}
