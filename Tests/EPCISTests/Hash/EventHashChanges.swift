import EPCIS
import GS1
import TraceProof

extension EventHashPropertyTests {
    /// A change of each field that the hash covers, by name.
    static var changes: [(String, (inout EPCISEvent) -> Void)] {
        let item = Identifier("urn:epc:id:sgtin:9521101.053001.7")
        let step = Term("active")
        let field = [Field("ex:a", .text("1"))]
        let root = SHA256.hash([])
        return [
            ("type", { $0.kind = .aggregation }),
            ("eventTime", { $0.eventTime = known(Timestamp("2026-03-01T08:00:00.001Z")) }),
            ("eventTimeZoneOffset", { $0.eventTimeZoneOffset = known(TimeZoneOffset("+07:00")) }),
            ("certificationInfo", { $0.certificationInfo = CertificationInfo(references: ["urn:c"], isList: false) }),
            ("action", { $0.action = .add }), ("epcList", { $0.epcList = [item] }),
            ("epcList twice", { $0.epcList = [item, item] }), ("parentID", { $0.parentID = item }),
            ("childEPCs", { $0.childEPCs = [item] }), ("inputEPCList", { $0.inputEPCList = [item] }),
            ("outputEPCList", { $0.outputEPCList = [item] }), ("transformationID", { $0.transformationID = item }),
            ("quantityList", { $0.quantityList = [QuantityElement(epcClass: item)] }),
            ("quantity", { $0.quantityList = [QuantityElement(epcClass: item, quantity: Number(1))] }),
            ("uom", { $0.quantityList = [QuantityElement(epcClass: item, uom: "KGM")] }),
            ("quantity field", { $0.quantityList = [QuantityElement(epcClass: item, extensions: field)] }),
            ("childQuantityList", { $0.childQuantityList = [QuantityElement(epcClass: item)] }),
            ("inputQuantityList", { $0.inputQuantityList = [QuantityElement(epcClass: item)] }),
            ("outputQuantityList", { $0.outputQuantityList = [QuantityElement(epcClass: item)] }),
            ("bizStep", { $0.bizStep = step }), ("disposition", { $0.disposition = step }),
            ("set", { $0.persistentDisposition = PersistentDisposition(set: [step]) }),
            ("unset", { $0.persistentDisposition = PersistentDisposition(unset: [step]) }),
            ("readPoint", { $0.readPoint = Location(item) }),
            ("readPoint field", { $0.readPoint = Location(item, extensions: field) }),
            ("bizLocation", { $0.bizLocation = Location(item) }),
            ("bizTransactionList", { $0.bizTransactionList = [BusinessTransaction(type: nil, bizTransaction: item)] }),
            (
                "transaction type",
                { $0.bizTransactionList = [BusinessTransaction(type: Term("po"), bizTransaction: item)] }
            ),
            ("sourceList", { $0.sourceList = [SourceOrDestination(type: Term("location"), id: item)] }),
            ("destinationList", { $0.destinationList = [SourceOrDestination(type: Term("location"), id: item)] }),
            ("ilmd", { $0.ilmd = field }), ("extension", { $0.extensions = field }),
            ("items", { $0.items = ItemTreeRoot(count: 1, root: root) }),
            ("more items", { $0.items = ItemTreeRoot(count: 2, root: root) }),
        ] + metadataChanges + reportChanges
    }

    private static var metadataChanges: [(String, (inout EPCISEvent) -> Void)] {
        let uri = Identifier("urn:m")
        let time = known(Timestamp("2026-03-01T08:00:00Z"))
        let changes: [(String, (inout SensorMetadata) -> Void)] = [
            ("time", { $0.time = time }), ("startTime", { $0.startTime = time }), ("endTime", { $0.endTime = time }),
            ("deviceID", { $0.deviceID = uri }), ("deviceMetadata", { $0.deviceMetadata = uri }),
            ("rawData", { $0.rawData = uri }), ("dataProcessingMethod", { $0.dataProcessingMethod = uri }),
            ("bizRules", { $0.bizRules = uri }), ("field", { $0.extensions = [Field("ex:a", .text("1"))] }),
        ]
        return changes.map { name, change in
            (
                "metadata \(name)",
                { event in
                    var metadata = SensorMetadata()
                    change(&metadata)
                    event.sensorElementList = [SensorElement(sensorMetadata: metadata, sensorReport: [])]
                }
            )
        }
    }

    private static var reportChanges: [(String, (inout EPCISEvent) -> Void)] {
        let uri = Identifier("urn:r")
        let one = Number(1)
        let changes: [(String, (inout SensorReport) -> Void)] = [
            ("type", { $0.type = Term("Temperature") }), ("exception", { $0.exception = Term("ALARM_CONDITION") }),
            ("deviceID", { $0.deviceID = uri }), ("deviceMetadata", { $0.deviceMetadata = uri }),
            ("rawData", { $0.rawData = uri }), ("dataProcessingMethod", { $0.dataProcessingMethod = uri }),
            ("bizRules", { $0.bizRules = uri }), ("time", { $0.time = known(Timestamp("2026-03-01T08:00:00Z")) }),
            ("microorganism", { $0.microorganism = uri }), ("chemicalSubstance", { $0.chemicalSubstance = uri }),
            ("value", { $0.value = one }), ("component", { $0.component = Term("x") }),
            ("stringValue", { $0.stringValue = "s" }), ("booleanValue", { $0.booleanValue = false }),
            ("hexBinaryValue", { $0.hexBinaryValue = "f0" }), ("uriValue", { $0.uriValue = uri }),
            ("minValue", { $0.minValue = one }), ("maxValue", { $0.maxValue = one }),
            ("meanValue", { $0.meanValue = one }),
            ("sDev", { $0.sDev = one }), ("percRank", { $0.percRank = one }), ("percValue", { $0.percValue = one }),
            ("uom", { $0.uom = "CEL" }), ("coordinateReferenceSystem", { $0.coordinateReferenceSystem = uri }),
            ("field", { $0.extensions = [Field("ex:a", .text("1"))] }),
        ]
        return changes.map { name, change in
            (
                "report \(name)",
                { event in
                    var report = SensorReport()
                    change(&report)
                    event.sensorElementList = [SensorElement(sensorReport: [report])]
                }
            )
        }
    }
}

extension EPCISEvent {
    /// Every list and every set of fields in another order.
    mutating func shuffle(using random: inout some RandomNumberGenerator) {
        for list in [\EPCISEvent.epcList, \.childEPCs, \.inputEPCList, \.outputEPCList] {
            self[keyPath: list]?.shuffle(using: &random)
        }
        for list in [\EPCISEvent.quantityList, \.childQuantityList, \.inputQuantityList, \.outputQuantityList] {
            self[keyPath: list]?.shuffle(using: &random)
        }
        certificationInfo?.references.shuffle(using: &random)
        persistentDisposition?.set?.shuffle(using: &random)
        persistentDisposition?.unset?.shuffle(using: &random)
        bizTransactionList?.shuffle(using: &random)
        sourceList?.shuffle(using: &random)
        destinationList?.shuffle(using: &random)
        sensorElementList?.shuffle(using: &random)
        for index in (sensorElementList ?? []).indices {
            sensorElementList?[index].sensorReport.shuffle(using: &random)
        }
        ilmd?.shuffle(using: &random)
        extensions.shuffle(using: &random)
        readPoint?.extensions.shuffle(using: &random)
        for index in extensions.indices { extensions[index].value.shuffle(using: &random) }
    }
}

extension FieldValue {
    fileprivate mutating func shuffle(using random: inout some RandomNumberGenerator) {
        switch self {
        case .list(var values):
            for index in values.indices { values[index].shuffle(using: &random) }
            values.shuffle(using: &random)
            self = .list(values)
        case .fields(var fields):
            for index in fields.indices { fields[index].value.shuffle(using: &random) }
            fields.shuffle(using: &random)
            self = .fields(fields)
        default: break
        }
    }
}
