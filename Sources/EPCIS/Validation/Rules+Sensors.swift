extension ValidationRule {
    /// What sensor readings must say: EPCIS 2.0 section 7.3.7.
    static let sensors: [ValidationRule] = [
        ValidationRule(
            .structure,
            "sensor-report-missing",
            .error,
            "the sensor element has no readings",
            remedy: "add them to \"sensorReport\", or leave the element out",
            passing: sensor(#""sensorReport": [{"type": "Temperature", "value": 4.1, "uom": "CEL"}]"#),
            failing: sensor(#""sensorReport": []"#)
        ) { examined, findings in
            for (index, element) in (examined.event.sensorElementList ?? []).enumerated()
            where element.sensorReport.isEmpty {
                findings.add("/sensorElementList/\(index)/sensorReport")
            }
        },
        ValidationRule(
            .structure,
            "sensor-type-missing",
            .warning,
            "the reading does not say what was measured",
            remedy: "add \"type\", e.g. Temperature, or \"exception\"",
            passing: reading(#""type": "Temperature", "value": 4.1, "uom": "CEL""#),
            failing: reading(#""value": 4.1, "uom": "CEL""#)
        ) { examined, findings in
            forEachReport(examined.event) { path, report in
                if report.type == nil, report.exception == nil { findings.add(path) }
            }
        },
        ValidationRule(
            .structure,
            "sensor-value-missing",
            .warning,
            "the reading has no value",
            remedy: "add \"value\", \"minValue\" and \"maxValue\", another value or an \"exception\"",
            passing: reading(#""type": "Temperature", "minValue": 2.9, "maxValue": 4.4, "uom": "CEL""#),
            failing: reading(#""type": "Temperature", "uom": "CEL""#)
        ) { examined, findings in
            forEachReport(examined.event) { path, report in
                if !report.hasNumber, report.stringValue == nil, report.booleanValue == nil,
                    report.hexBinaryValue == nil, report.uriValue == nil, report.exception == nil,
                    report.extensions.isEmpty
                {
                    findings.add(path)
                }
            }
        },
        ValidationRule(
            .structure,
            "sensor-unit-missing",
            .warning,
            "the reading is a number without a unit",
            remedy: "add \"uom\", e.g. CEL for degrees Celsius",
            passing: reading(#""type": "Temperature", "value": 4.1, "uom": "CEL""#),
            failing: reading(#""type": "Temperature", "value": 4.1"#)
        ) { examined, findings in
            forEachReport(examined.event) { path, report in
                guard report.hasNumber, report.uom == nil, let type = report.type else { return }
                // Counts, pure numbers and vectors of a map's own coordinates have none.
                let name = type.text.localName
                let isPure = ["Count", "Dimensionless", "VolumeFraction"].contains {
                    name.utf8.elementsEqual($0.utf8)
                }
                if !isPure, report.coordinateReferenceSystem == nil { findings.add(path) }
            }
        },
        ValidationRule(
            .structure,
            "sensor-percentile",
            .error,
            "percentile rank and value go together, and a rank is from 0 to 100",
            remedy: "write \"percRank\" and \"percValue\" both, the rank as a percentage",
            passing: reading(#""type": "Temperature", "percRank": 95, "percValue": 7.2, "uom": "CEL""#),
            failing: reading(#""type": "Temperature", "percRank": 950, "percValue": 7.2, "uom": "CEL""#)
        ) { examined, findings in
            forEachReport(examined.event) { path, report in
                let rank = report.percRank.flatMap { Amount($0)?.value } ?? 0
                if (report.percRank == nil) != (report.percValue == nil) || rank < 0 || rank > 100 {
                    findings.add("\(path)/\(report.percRank == nil ? "percValue" : "percRank")")
                }
            }
        },
        ValidationRule(
            .structure,
            "sensor-bytes",
            .error,
            "\"hexBinaryValue\" is not hexadecimal",
            remedy: "write two digits or letters A to F a byte",
            passing: reading(#""type": "Dimensionless", "hexBinaryValue": "F0F0""#),
            failing: reading(#""type": "Dimensionless", "hexBinaryValue": "F0F""#)
        ) { examined, findings in
            forEachReport(examined.event) { path, report in
                guard let text = report.hexBinaryValue else { return }
                let isHexadecimal = text.utf8.allSatisfy {
                    0x30...0x39 ~= $0 || 0x41...0x46 ~= $0 || 0x61...0x66 ~= $0
                }
                if !isHexadecimal || !text.utf8.count.isMultiple(of: 2) { findings.add("\(path)/hexBinaryValue") }
            }
        },
        ValidationRule(
            .sense,
            "sensor-range",
            .error,
            "the least value is above the greatest, or the mean or a value is outside of both",
            remedy: "check whether fields were exchanged or a sign or decimal point slipped",
            passing: reading(#""type": "Temperature", "minValue": 2.9, "maxValue": 4.4, "uom": "CEL""#),
            failing: reading(#""type": "Temperature", "minValue": 29, "maxValue": 4.4, "uom": "CEL""#)
        ) { examined, findings in
            forEachReport(examined.event) { path, report in
                let least = report.minValue.flatMap { Amount($0)?.value }
                let greatest = report.maxValue.flatMap { Amount($0)?.value }
                if let least, let greatest, least > greatest { return findings.add("\(path)/minValue") }
                for (name, number) in [("meanValue", report.meanValue), ("percValue", report.percValue)] {
                    guard let value = number.flatMap({ Amount($0)?.value }) else { continue }
                    if value < least ?? value || value > greatest ?? value { findings.add("\(path)/\(name)") }
                }
            }
        },
        ValidationRule(
            .sense,
            "sensor-period",
            .error,
            "the period of the readings ends before it begins",
            remedy: "exchange \"startTime\" and \"endTime\", or correct them",
            passing: sensor(period("07:00", "07:50")),
            failing: sensor(period("07:50", "07:00"))
        ) { examined, findings in
            for (index, element) in (examined.event.sensorElementList ?? []).enumerated() {
                guard let start = element.sensorMetadata?.startTime, let end = element.sensorMetadata?.endTime else {
                    continue
                }
                if end.milliseconds < start.milliseconds {
                    findings.add("/sensorElementList/\(index)/sensorMetadata/endTime")
                }
            }
        },
        ValidationRule(
            .sense,
            "sensor-after-event",
            .warning,
            "a reading was taken after the event that reports it",
            remedy: "correct the time of the reading or of the event",
            passing: reading(
                #""type": "Temperature", "value": 4.1, "uom": "CEL", "time": "2026-03-01T07:55:00+08:00""#
            ),
            failing: reading(#""type": "Temperature", "value": 4.1, "uom": "CEL", "time": "2026-03-01T17:55:00+08:00""#)
        ) { examined, findings in
            let end = examined.event.eventTime.milliseconds
            forEachReport(examined.event) { path, report in
                if let time = report.time, time.milliseconds > end { findings.add("\(path)/time") }
            }
            for (index, element) in (examined.event.sensorElementList ?? []).enumerated() {
                guard let metadata = element.sensorMetadata else { continue }
                for (name, time) in [("time", metadata.time), ("startTime", metadata.startTime)] {
                    if let time, time.milliseconds > end {
                        findings.add("/sensorElementList/\(index)/sensorMetadata/\(name)")
                    }
                }
            }
        },
    ]

    /// Calls `body` with each reading and its path.
    static func forEachReport(_ event: EPCISEvent, _ body: (String, SensorReport) -> Void) {
        for (index, element) in (event.sensorElementList ?? []).enumerated() {
            for (number, report) in element.sensorReport.enumerated() {
                body("/sensorElementList/\(index)/sensorReport/\(number)", report)
            }
        }
    }

    private static func sensor(_ fields: String) -> String {
        RuleExample.observing(#""sensorElementList": [{\#(fields)}]"#)
    }

    private static func reading(_ fields: String) -> String { sensor(#""sensorReport": [{\#(fields)}]"#) }

    private static func period(_ start: String, _ end: String) -> String {
        #""sensorMetadata": {"startTime": "2026-03-01T\#(start):00+08:00", "endTime": "2026-03-01T\#(end):00+08:00"}, "#
            + #""sensorReport": [{"type": "Temperature", "minValue": 2.9, "maxValue": 4.4, "uom": "CEL"}]"#
    }
}

extension SensorReport {
    /// Whether it has a value in numbers.
    fileprivate var hasNumber: Bool {
        value != nil || minValue != nil || maxValue != nil || meanValue != nil || percValue != nil || sDev != nil
    }
}
