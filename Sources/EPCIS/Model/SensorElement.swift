public import GS1

/// Sensor readings of one kind, place and time: EPCIS 2.0 section 7.3.7.
public struct SensorElement: Hashable, Sendable {
    /// What the reports have in common.
    public var sensorMetadata: SensorMetadata?
    /// The readings.
    public var sensorReport: [SensorReport]
    /// Any further field.
    public var extensions: [Field]

    /// Readings with what they have in common.
    public init(sensorMetadata: SensorMetadata? = nil, sensorReport: [SensorReport], extensions: [Field] = []) {
        self.sensorMetadata = sensorMetadata
        self.sensorReport = sensorReport
        self.extensions = extensions
    }
}

/// What readings have in common: EPCIS 2.0 section 7.3.7.2.
public struct SensorMetadata: Hashable, Sendable {
    /// When the reading was taken.
    public var time: Timestamp?
    /// When a period of readings began.
    public var startTime: Timestamp?
    /// When a period of readings ended.
    public var endTime: Timestamp?
    /// The device.
    public var deviceID: Identifier?
    /// Where the device is described.
    public var deviceMetadata: Identifier?
    /// Where the raw readings are.
    public var rawData: Identifier?
    /// How raw data became these values.
    public var dataProcessingMethod: Identifier?
    /// The rules that the readings are held against.
    public var bizRules: Identifier?
    /// Any further field.
    public var extensions: [Field] = []

    /// No metadata yet.
    public init() {}
}

/// One reading: EPCIS 2.0 section 7.3.7.3.
public struct SensorReport: Hashable, Sendable {
    /// What was measured.
    public var type: Term?
    /// `ALARM_CONDITION` or `ERROR_CONDITION`.
    public var exception: Term?
    /// The device.
    public var deviceID: Identifier?
    /// Where the device is described.
    public var deviceMetadata: Identifier?
    /// Where the raw readings are.
    public var rawData: Identifier?
    /// How raw data became these values.
    public var dataProcessingMethod: Identifier?
    /// The rules that the readings are held against.
    public var bizRules: Identifier?
    /// When the reading was taken.
    public var time: Timestamp?
    /// The microorganism that was found.
    public var microorganism: Identifier?
    /// The substance that was found.
    public var chemicalSubstance: Identifier?
    /// The measured value.
    public var value: Number?
    /// Which part of a vector or of the device.
    public var component: Term?
    /// A value that is text.
    public var stringValue: String?
    /// A value that is true or false.
    public var booleanValue: Bool?
    /// A value that is bytes, in hexadecimal.
    public var hexBinaryValue: String?
    /// A value that is a URI.
    public var uriValue: Identifier?
    /// The least value of a period.
    public var minValue: Number?
    /// The greatest value of a period.
    public var maxValue: Number?
    /// The mean value of a period.
    public var meanValue: Number?
    /// The standard deviation.
    public var sDev: Number?
    /// The percentile rank.
    public var percRank: Number?
    /// The value at the percentile rank.
    public var percValue: Number?
    /// Unit of measure, UN/CEFACT recommendation 20.
    public var uom: String?
    /// What coordinates refer to.
    public var coordinateReferenceSystem: Identifier?
    /// Any further field.
    public var extensions: [Field] = []

    /// An empty reading.
    public init() {}
}
