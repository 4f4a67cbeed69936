internal import EPCIS

extension SensorElement {
    init(json object: JSONValue) throws(Refusal) {
        let members = try object.members("sensorElementList")
        let reports = try object.required("sensorReport", of: "the sensor element", "add the array of readings")
        self.init(
            sensorReport: try reports.list("sensorReport") { item throws(Refusal) in try SensorReport(json: item) }
        )
        for member in members {
            switch member.name {
            case "sensorReport": break
            case "sensorMetadata": sensorMetadata = try SensorMetadata(json: member.value)
            default: extensions.append(member.field)
            }
        }
    }
}

extension SensorMetadata {
    init(json object: JSONValue) throws(Refusal) {
        self.init()
        for member in try object.members("sensorMetadata") {
            let (name, value) = (member.name, member.value)
            switch name {
            case "time": time = try value.timestamp(name)
            case "startTime": startTime = try value.timestamp(name)
            case "endTime": endTime = try value.timestamp(name)
            case "deviceID": deviceID = try value.identifier(name)
            case "deviceMetadata": deviceMetadata = try value.identifier(name)
            case "rawData": rawData = try value.identifier(name)
            case "dataProcessingMethod": dataProcessingMethod = try value.identifier(name)
            case "bizRules": bizRules = try value.identifier(name)
            default: extensions.append(member.field)
            }
        }
    }
}

extension SensorReport {
    init(json object: JSONValue) throws(Refusal) {
        self.init()
        for member in try object.members("sensorReport") {
            if try take(circumstance: member) { continue }
            if try take(value: member) { continue }
            extensions.append(member.field)
        }
    }

    private mutating func take(circumstance member: JSONMember) throws(Refusal) -> Bool {
        let (name, value) = (member.name, member.value)
        switch name {
        case "type": type = try value.term(name)
        case "exception": exception = try value.term(name)
        case "deviceID": deviceID = try value.identifier(name)
        case "deviceMetadata": deviceMetadata = try value.identifier(name)
        case "rawData": rawData = try value.identifier(name)
        case "dataProcessingMethod": dataProcessingMethod = try value.identifier(name)
        case "bizRules": bizRules = try value.identifier(name)
        case "time": time = try value.timestamp(name)
        case "coordinateReferenceSystem": coordinateReferenceSystem = try value.identifier(name)
        default: return false
        }
        return true
    }

    private mutating func take(value member: JSONMember) throws(Refusal) -> Bool {
        let (name, value) = (member.name, member.value)
        switch name {
        case "microorganism": microorganism = try value.identifier(name)
        case "chemicalSubstance": chemicalSubstance = try value.identifier(name)
        case "value": self.value = try value.number(name)
        case "component": component = try value.term(name)
        case "stringValue": stringValue = try value.string(name)
        case "booleanValue": booleanValue = try value.boolean(name)
        case "hexBinaryValue": hexBinaryValue = try value.string(name)
        case "uriValue": uriValue = try value.identifier(name)
        case "minValue": minValue = try value.number(name)
        case "maxValue": maxValue = try value.number(name)
        case "meanValue": meanValue = try value.number(name)
        case "sDev": sDev = try value.number(name)
        case "percRank": percRank = try value.number(name)
        case "percValue": percValue = try value.number(name)
        case "uom": uom = try value.string(name)
        default: return false
        }
        return true
    }
}
