internal import EPCIS

extension JSONValue {
    init(_ element: SensorElement) {
        var object = ObjectBuilder()
        object.add("sensorMetadata", element.sensorMetadata.map { JSONValue($0) })
        object.add("sensorReport", element.sensorReport) { JSONValue($0) }
        object.add(element.extensions)
        self = object.value
    }

    private init(_ metadata: SensorMetadata) {
        var object = ObjectBuilder()
        object.add("time", metadata.time)
        object.add("startTime", metadata.startTime)
        object.add("endTime", metadata.endTime)
        object.add("deviceID", metadata.deviceID)
        object.add("deviceMetadata", metadata.deviceMetadata)
        object.add("rawData", metadata.rawData)
        object.add("dataProcessingMethod", metadata.dataProcessingMethod)
        object.add("bizRules", metadata.bizRules)
        object.add(metadata.extensions)
        self = object.value
    }

    private init(_ report: SensorReport) {
        var object = ObjectBuilder()
        object.add("type", report.type)
        object.add("exception", report.exception)
        object.add("deviceID", report.deviceID)
        object.add("deviceMetadata", report.deviceMetadata)
        object.add("rawData", report.rawData)
        object.add("dataProcessingMethod", report.dataProcessingMethod)
        object.add("bizRules", report.bizRules)
        object.add("time", report.time)
        object.add("microorganism", report.microorganism)
        object.add("chemicalSubstance", report.chemicalSubstance)
        object.add("value", report.value)
        object.add("component", report.component)
        object.add("stringValue", report.stringValue)
        object.add("booleanValue", report.booleanValue)
        object.add("hexBinaryValue", report.hexBinaryValue)
        object.add("uriValue", report.uriValue)
        object.add("minValue", report.minValue)
        object.add("maxValue", report.maxValue)
        object.add("meanValue", report.meanValue)
        object.add("sDev", report.sDev)
        object.add("percRank", report.percRank)
        object.add("percValue", report.percValue)
        object.add("uom", report.uom)
        object.add("coordinateReferenceSystem", report.coordinateReferenceSystem)
        object.add(report.extensions)
        self = object.value
    }
}
