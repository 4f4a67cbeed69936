/// The query parameters of EPCIS 2.0 (section 8.2.7.1 and its OpenAPI 2.0.1) that are answered here.
enum QueryParameter: String, CaseIterable {
    case eventType
    case fromEventTime = "GE_eventTime"
    case beforeEventTime = "LT_eventTime"
    case fromRecordTime = "GE_recordTime"
    case beforeRecordTime = "LT_recordTime"
    case action = "EQ_action"
    case bizStep = "EQ_bizStep"
    case disposition = "EQ_disposition"
    case readPoint = "EQ_readPoint"
    case bizLocation = "EQ_bizLocation"
    case eventID = "EQ_eventID"
    case epc = "MATCH_epc"
    case parentID = "MATCH_parentID"
    case inputEPC = "MATCH_inputEPC"
    case outputEPC = "MATCH_outputEPC"
    case anyEPC = "MATCH_anyEPC"
    case epcClass = "MATCH_epcClass"
    case inputEPCClass = "MATCH_inputEPCClass"
    case outputEPCClass = "MATCH_outputEPCClass"
    case anyEPCClass = "MATCH_anyEPCClass"
    case orderBy
    case orderDirection
    case perPage
    case nextPageToken

    /// Where the objects of a `MATCH_` parameter stand; empty for other parameters.
    var roles: [ObjectRole] {
        switch self {
        case .epc: [.epcList, .childEPCs]
        case .parentID: [.parentID]
        case .inputEPC: [.inputEPCList]
        case .outputEPC: [.outputEPCList]
        case .anyEPC: [.epcList, .parentID, .childEPCs, .inputEPCList, .outputEPCList]
        case .epcClass: [.quantityList, .childQuantityList]
        case .inputEPCClass: [.inputQuantityList]
        case .outputEPCClass: [.outputQuantityList]
        case .anyEPCClass: [.quantityList, .childQuantityList, .inputQuantityList, .outputQuantityList]
        default: []
        }
    }

    /// Whether it takes several values, joined by `|` or repeated.
    var isList: Bool {
        switch self {
        case .fromEventTime, .beforeEventTime, .fromRecordTime, .beforeRecordTime, .orderBy, .orderDirection, .perPage,
            .nextPageToken:
            false
        default: true
        }
    }

    /// Why a name is none of these.
    static func refusal(_ name: String) -> QueryError {
        let isOfStandard =
            unsupported.contains { name.utf8.elementsEqual($0.utf8) }
            || families.contains { name.utf8.count > $0.utf8.count && name.utf8.starts(with: $0.utf8) }
            || name.utf8.contains(UInt8(ascii: ":"))
                && comparisons.contains { name.utf8.starts(with: $0.utf8) }
        guard !isOfStandard else {
            return QueryError(.parameter, name, "a parameter of EPCIS 2.0 that is not supported here (Docs/Query.md)")
        }
        let lower = { (text: String) in text.utf8.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 } }
        let meant = allCases.first { lower($0.rawValue) == lower(name) }
        return QueryError(
            .parameter,
            name,
            meant.map { "no parameter of EPCIS 2.0: write \($0.rawValue)" } ?? "no parameter of EPCIS 2.0"
        )
    }

    private static let unsupported = [
        "EQ_persistentDisposition_set", "EQ_persistentDisposition_unset", "WD_readPoint", "WD_bizLocation",
        "EQ_transformationID", "EQ_quantity", "GT_quantity", "GE_quantity", "LT_quantity", "LE_quantity",
        "EXISTS_errorDeclaration", "GE_errorDeclarationTime", "LT_errorDeclarationTime", "EQ_errorReason",
        "EQ_correctiveEventID", "eventCountLimit", "maxEventCount", "EXISTS_sensorElementList", "GE_time", "LT_time",
        "GE_startTime", "LT_startTime", "GE_endTime", "LT_endTime", "EQ_type", "EQ_deviceID",
        "EQ_dataProcessingMethod", "EQ_microorganism", "EQ_chemicalSubstance", "EQ_bizRules", "EQ_stringValue",
        "EQ_booleanValue", "EQ_hexBinaryValue", "EQ_uriValue", "GE_percRank", "LT_percRank", "GT_percRank",
        "LE_percRank",
    ]

    /// What stands before the name of any field, an extension's `prefix:name` too.
    private static let comparisons = ["EQ_", "GT_", "GE_", "LT_", "LE_"]

    /// Parameters whose names go on with a type, a unit or the name of a field.
    private static let families =
        ["EQ_bizTransaction_", "EQ_source_", "EQ_destination_", "HASATTR_", "EQATTR_", "EQ_ATTR_", "EXISTS_"]
        + comparisons.flatMap { comparison in
            [
                "INNER_", "ILMD_", "ERROR_DECLARATION_", "SENSORELEMENT_", "SENSORMETADATA_", "SENSORREPORT_",
                "readPoint_", "bizLocation_", "value_", "minValue_", "maxValue_", "meanValue_", "sDev_", "percValue_",
                "quantity_",
            ].map { comparison + $0 }
        }
}

/// In which field of an event an object or class stands (EPCIS 2.0 section 7.3.3). The codes are those of the index.
enum ObjectRole: Int64, CaseIterable, Sendable {
    case epcList = 0
    case parentID = 1
    case childEPCs = 2
    case inputEPCList = 3
    case outputEPCList = 4
    case quantityList = 5
    case childQuantityList = 6
    case inputQuantityList = 7
    case outputQuantityList = 8

    /// Whether the field holds instances or classes.
    var level: ObjectTarget.Level { rawValue < ObjectRole.quantityList.rawValue ? .instance : .class }
}
