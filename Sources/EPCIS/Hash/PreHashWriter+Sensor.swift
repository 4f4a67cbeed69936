extension PreHashWriter {
    /// One member of `sensorElementList`.
    mutating func sensorElement(_ element: SensorElement) {
        parent("sensorElement") { writer in
            if let metadata = element.sensorMetadata {
                writer.parent("sensorMetadata") { $0.sensorMetadata(metadata) }
            }
            writer.sorted(
                element.sensorReport.map { report in
                    writer.piece { $0.parent("sensorReport") { $0.sensorReport(report) } }
                }
            )
            writer.sorted(writer.pieces(of: element.extensions))
        }
    }

    private mutating func sensorMetadata(_ metadata: SensorMetadata) {
        leaf("time", metadata.time)
        leaf("startTime", metadata.startTime)
        leaf("endTime", metadata.endTime)
        leaf("deviceID", metadata.deviceID)
        leaf("deviceMetadata", metadata.deviceMetadata)
        leaf("rawData", metadata.rawData)
        leaf("dataProcessingMethod", metadata.dataProcessingMethod)
        leaf("bizRules", metadata.bizRules)
        sorted(pieces(of: metadata.extensions))
    }

    private mutating func sensorReport(_ report: SensorReport) {
        leaf("type", report.type, .measurementTypes)
        leaf("exception", report.exception, .sensorAlertTypes)
        leaf("deviceID", report.deviceID)
        leaf("deviceMetadata", report.deviceMetadata)
        leaf("rawData", report.rawData)
        leaf("dataProcessingMethod", report.dataProcessingMethod)
        // The table has no bizRules in a report; an event that has them says more than one that has not.
        if report.bizRules != nil { note(.noExtensionPoint, "bizRules") }
        leaf("time", report.time)
        leaf("microorganism", report.microorganism)
        leaf("chemicalSubstance", report.chemicalSubstance)
        leaf("value", report.value)
        leaf("component", report.component, .components)
        leaf("stringValue", report.stringValue)
        if let value = report.booleanValue {
            note(.boolean, "booleanValue")
            leaf("booleanValue", bytes: Array((value ? "true" : "false").utf8))
        }
        leaf("hexBinaryValue", report.hexBinaryValue)
        leaf("uriValue", report.uriValue)
        leaf("minValue", report.minValue)
        leaf("maxValue", report.maxValue)
        leaf("meanValue", report.meanValue)
        leaf("sDev", report.sDev)
        leaf("percRank", report.percRank)
        leaf("percValue", report.percValue)
        leaf("uom", report.uom)
        leaf("coordinateReferenceSystem", report.coordinateReferenceSystem)
        leaf("bizRules", report.bizRules)
        sorted(pieces(of: report.extensions))
    }
}
