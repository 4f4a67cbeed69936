import GS1
import TraceProof

extension CBORWriter {
    mutating func sensorElement(_ element: SensorElement, own: Int) {
        map { map in
            if let metadata = element.sensorMetadata { map.entry(0) { $0.metadata(metadata, own: own) } }
            map.entry(1) { writer in
                writer.array(element.sensorReport.count)
                for report in element.sensorReport { writer.report(report, own: own) }
            }
            map.fields(element.extensions)
        }
    }

    private mutating func metadata(_ metadata: SensorMetadata, own: Int) {
        map { map in
            map.time(0, metadata.time, own)
            map.time(1, metadata.startTime, own)
            map.time(2, metadata.endTime, own)
            map.identifier(3, metadata.deviceID)
            map.identifier(4, metadata.deviceMetadata)
            map.identifier(5, metadata.rawData)
            map.identifier(6, metadata.dataProcessingMethod)
            map.identifier(7, metadata.bizRules)
            map.fields(metadata.extensions)
        }
    }

    private mutating func report(_ report: SensorReport, own: Int) {
        map { map in
            map.term(0, report.type, .measurementTypes)
            map.term(1, report.exception, .sensorAlertTypes)
            map.identifier(2, report.deviceID)
            map.identifier(3, report.deviceMetadata)
            map.identifier(4, report.rawData)
            map.identifier(5, report.dataProcessingMethod)
            map.identifier(6, report.bizRules)
            map.time(7, report.time, own)
            map.identifier(8, report.microorganism)
            map.identifier(9, report.chemicalSubstance)
            map.number(10, report.value)
            map.term(11, report.component, .components)
            map.text(12, report.stringValue)
            if let value = report.booleanValue { map.entry(13) { $0.boolean(value) } }
            map.text(14, report.hexBinaryValue)
            map.identifier(15, report.uriValue)
            map.number(16, report.minValue)
            map.number(17, report.maxValue)
            map.number(18, report.meanValue)
            map.number(19, report.sDev)
            map.number(20, report.percRank)
            map.number(21, report.percValue)
            map.text(22, report.uom)
            map.identifier(23, report.coordinateReferenceSystem)
            map.fields(report.extensions)
        }
    }
}

/// Entries that are there when their value is.
extension CBORMapWriter {
    mutating func time(_ key: Int64, _ value: Timestamp?, _ own: Int) {
        if let value { entry(key) { $0.time(value, own: own) } }
    }

    mutating func identifier(_ key: Int64, _ value: Identifier?) {
        if let value { entry(key) { $0.identifier(value) } }
    }

    mutating func identifiers(_ key: Int64, _ value: [Identifier]?) {
        if let value { entry(key) { $0.identifiers(value) } }
    }

    mutating func quantities(_ key: Int64, _ value: [QuantityElement]?) {
        if let value { entry(key) { $0.quantities(value) } }
    }

    mutating func term(_ key: Int64, _ value: Term?, _ vocabulary: Vocabulary) {
        if let value { entry(key) { $0.term(value, vocabulary) } }
    }

    mutating func number(_ key: Int64, _ value: Number?) {
        if let value { entry(key) { $0.number(value) } }
    }

    mutating func text(_ key: Int64, _ value: String?) {
        if let value { entry(key) { $0.text(value) } }
    }
}

extension CBORReader {
    mutating func sensorElement(own: Int) throws(FormatError) -> SensorElement {
        var map = try PayloadMap(&self, "a sensor element")
        let metadata = try map.has(0, &self) ? try metadata(own: own) : nil
        try map.need(1, &self)
        var reports: [SensorReport] = []
        for _ in 0..<(try array()) { reports.append(try report(own: own)) }
        return SensorElement(sensorMetadata: metadata, sensorReport: reports, extensions: try map.fields(&self))
    }

    private mutating func metadata(own: Int) throws(FormatError) -> SensorMetadata {
        var metadata = SensorMetadata()
        var remaining = try map()
        while remaining > 0, try peek() != .text {
            switch try unsigned() {
            case 0: metadata.time = try time(own: own)
            case 1: metadata.startTime = try time(own: own)
            case 2: metadata.endTime = try time(own: own)
            case 3: metadata.deviceID = try identifier()
            case 4: metadata.deviceMetadata = try identifier()
            case 5: metadata.rawData = try identifier()
            case 6: metadata.dataProcessingMethod = try identifier()
            case 7: metadata.bizRules = try identifier()
            case let key: throw refuse(newerVersion("key \(key) of sensor metadata"))
            }
            remaining -= 1
        }
        metadata.extensions = try fields(remaining)
        return metadata
    }

    private mutating func report(own: Int) throws(FormatError) -> SensorReport {
        var report = SensorReport()
        var remaining = try map()
        while remaining > 0, try peek() != .text {
            let key = try unsigned()
            switch key {
            case 0: report.type = try term(.measurementTypes)
            case 1: report.exception = try term(.sensorAlertTypes)
            case 2: report.deviceID = try identifier()
            case 3: report.deviceMetadata = try identifier()
            case 4: report.rawData = try identifier()
            case 5: report.dataProcessingMethod = try identifier()
            case 6: report.bizRules = try identifier()
            case 7: report.time = try time(own: own)
            case 8: report.microorganism = try identifier()
            case 9: report.chemicalSubstance = try identifier()
            default: try value(key, of: &report)
            }
            remaining -= 1
        }
        report.extensions = try fields(remaining)
        return report
    }

    private mutating func value(_ key: UInt64, of report: inout SensorReport) throws(FormatError) {
        switch key {
        case 10: report.value = try number()
        case 11: report.component = try term(.components)
        case 12: report.stringValue = try text()
        case 13: report.booleanValue = try boolean()
        case 14: report.hexBinaryValue = try text()
        case 15: report.uriValue = try identifier()
        case 16: report.minValue = try number()
        case 17: report.maxValue = try number()
        case 18: report.meanValue = try number()
        case 19: report.sDev = try number()
        case 20: report.percRank = try number()
        case 21: report.percValue = try number()
        case 22: report.uom = try text()
        case 23: report.coordinateReferenceSystem = try identifier()
        default: throw refuse(newerVersion("key \(key) of a sensor report"))
        }
    }
}
