import EPCIS
import GS1
import TestSupport
import TraceProof

/// A value that the test spells right.
func known<T>(_ value: T?, line: Int = #line) -> T {
    guard let value else { preconditionFailure("a test's own value, line \(line), is not valid") }
    return value
}

/// Arbitrary events: every field now and then, in spellings that have a compact form and in spellings that have none.
struct EventGenerator {
    var random: SeededGenerator

    init(_ random: SeededGenerator) { self.random = random }

    mutating func event() -> EPCISEvent {
        var event = EPCISEvent(
            kind: pick(EPCISEvent.Kind.allCases),
            eventTime: time(),
            eventTimeZoneOffset: known(
                TimeZoneOffset(pick(["+08:00", "+01:00", "+00:00", "-00:00", "-06:30", "+14:00"]))
            )
        )
        event.recordTime = maybe { $0.time() }
        event.eventID = maybe { $0.uri() }
        event.errorDeclaration = maybe { $0.errorDeclaration() }
        event.certificationInfo = maybe { $0.certificationInfo() }
        event.action = maybe { $0.pick(EPCISEvent.Action.allCases) }
        event.epcList = maybe { $0.identifiers() }
        event.quantityList = maybe { $0.quantities() }
        event.parentID = maybe { $0.identifier() }
        event.childEPCs = maybe { $0.identifiers() }
        event.childQuantityList = maybe { $0.quantities() }
        event.inputEPCList = maybe { $0.identifiers() }
        event.inputQuantityList = maybe { $0.quantities() }
        event.outputEPCList = maybe { $0.identifiers() }
        event.outputQuantityList = maybe { $0.quantities() }
        event.transformationID = maybe { $0.identifier() }
        event.bizStep = maybe { $0.term(.bizSteps) }
        event.disposition = maybe { $0.term(.dispositions) }
        event.persistentDisposition = maybe {
            PersistentDisposition(
                set: $0.maybe { $0.list { $0.term(.dispositions) } },
                unset: $0.maybe { $0.list { $0.term(.dispositions) } }
            )
        }
        event.readPoint = maybe { Location($0.identifier(), extensions: $0.rarely { $0.fields(3) } ?? []) }
        event.bizLocation = maybe { Location($0.identifier()) }
        event.bizTransactionList = maybe {
            $0.list {
                BusinessTransaction(
                    type: $0.maybe { $0.term(.bizTransactionTypes) },
                    bizTransaction: $0.identifier(),
                    extensions: $0.rarely { $0.fields(2) } ?? []
                )
            }
        }
        event.sourceList = maybe { $0.list { $0.end() } }
        event.destinationList = maybe { $0.list { $0.end() } }
        event.sensorElementList = maybe { $0.list { $0.sensorElement() } }
        event.ilmd = maybe { $0.fields(3) }
        event.extensions = maybe { $0.fields(3) } ?? []
        event.namespaces =
            maybe {
                [
                    Namespace(prefix: "ex", uri: $0.pick(["https://ns.example.com/", "urn:epcglobal:cbv:mda:"])),
                    Namespace(prefix: "longer", uri: "https://gs1.org/voc/"),
                ]
            } ?? []
        event.context = rarely { $0.value(3) }
        event.items = maybe { $0.items() }
        event.sortNames()
        return event
    }

    mutating func pick<T>(_ values: [T]) -> T { values[Int.random(in: 0..<values.count, using: &random)] }

    mutating func maybe<T>(_ make: (inout EventGenerator) -> T) -> T? {
        Int.random(in: 0..<4, using: &random) == 0 ? make(&self) : nil
    }

    mutating func rarely<T>(_ make: (inout EventGenerator) -> T) -> T? {
        Int.random(in: 0..<8, using: &random) == 0 ? make(&self) : nil
    }

    mutating func list<T>(_ make: (inout EventGenerator) -> T) -> [T] {
        (0..<Int.random(in: 0..<4, using: &random)).map { _ in make(&self) }
    }

    mutating func items() -> ItemTreeRoot {
        let count = pick([1, 23, 24, 10_000, ItemTreeRoot.maximumCount])
        return known(ItemTreeRoot(count: count, root: known(Digest(random.bytes(32)))))
    }

    mutating func time() -> Timestamp {
        let date = pick(["2026-03-01", "1969-12-31", "0001-01-02", "9999-12-30", "2024-02-29", "2000-12-31"])
        let clock = pick(["T00:00:00", "T23:59:59", "T08:00:30"])
        let fraction = pick(["", ".000", ".591", ".5", ".116000", ".123456789", ".0000000001", ".3999"])
        let zone = pick(["Z", "+08:00", "+01:00", "+00:00", "-00:00", "-06:30", "+14:00"])
        return known(Timestamp(date + clock + fraction + zone))
    }

    mutating func serial() -> String {
        pick([
            "0", "007", "\(UInt64.random(in: 0..<100_000_000, using: &random))", "A-1", "9223372036854775807",
            "10000000000000000000",
        ])
    }

    mutating func uri() -> String {
        let hex = "df7bb3c352fef055578554f09f5e2aa41782150ced7bd0b8af24dd3ccb30ba69"
        return switch Int.random(in: 0..<17, using: &random) {
        case 0...2: "urn:epc:id:sgtin:4012345.011111.\(serial())"
        case 3...4: "https://id.gs1.org/01/04012345111118/21/\(serial())"
        case 5: "https://id.gs1.de/01/04012345999990/10/L\(serial())"
        case 6: "urn:epc:id:sscc:4012345.311111111\(Int.random(in: 0...9, using: &random))"
        case 7: "urn:epc:id:sgln:4012345.00005.\(serial())"
        case 8: "urn:epc:class:lgtin:4054739.099914.\(serial())"
        case 9: "urn:epc:idpat:sgtin:4012345.066666.*"
        case 10: "urn:epcglobal:cbv:bt:5200001000008:\(serial())"
        case 11: "urn:epcglobal:cbv:bt:0000000000000:"
        case 12: "urn:uuid:374d95fc-9457-4a51-bd6a-0bba133845a8"
        case 13: "urn:uuid:374D95FC-9457-4a51-bd6a-0bba133845a8"
        case 14: "ni:///sha-256;\(hex)?ver=CBV2.0"
        case 15: "ni:///sha-256;\(hex)?ver=CBV2.1"
        default: pick(["", "https://example.com/x", "不是 URI", "urn:epc:id:giai:4012345.ABC"])
        }
    }

    mutating func identifier() -> Identifier { Identifier(uri()) }

    mutating func identifiers() -> [Identifier] {
        var all = list { $0.identifier() }
        if let last = all.last, Bool.random(using: &random) { all.append(last) }
        return all
    }

    mutating func term(_ vocabulary: Vocabulary) -> Term {
        let code = Int.random(in: 0..<vocabulary.terms.count, using: &random)
        let style = pick(Vocabulary.Style.allCases)
        return maybe { Term($0.pick(["", "Shipping", "cbv:BizStep-", "https://example.com/step"])) }
            ?? vocabulary.term(code, style: style) ?? known(vocabulary.term(code))
    }

    mutating func number() -> Number {
        known(
            Number(
                pick([
                    "0", "-0", "26", "-26", "452.0", "-0.05", "0.00", "-0.0", "12.1", "1e3", "1E+05",
                    "9223372036854775807",
                    "-9223372036854775808", "18446744073709551615", "0.0000000000000000000000001",
                    "922337203685477580.8",
                    "123456789012345678901234567890", "1.0e-2",
                ])
            )
        )
    }

    mutating func quantities() -> [QuantityElement] {
        list {
            QuantityElement(
                epcClass: $0.identifier(),
                quantity: $0.maybe { $0.number() },
                uom: $0.maybe { $0.pick(["KGM", ""]) },
                extensions: $0.rarely { $0.fields(2) } ?? []
            )
        }
    }

    mutating func end() -> SourceOrDestination {
        SourceOrDestination(
            type: term(.sourceDestinationTypes),
            id: identifier(),
            extensions: rarely { $0.fields(2) } ?? []
        )
    }

    mutating func errorDeclaration() -> ErrorDeclaration {
        ErrorDeclaration(
            declarationTime: time(),
            reason: maybe { $0.term(.errorReasons) },
            correctiveEventIDs: maybe { $0.list { $0.uri() } },
            extensions: maybe { $0.fields(2) } ?? []
        )
    }

    mutating func certificationInfo() -> CertificationInfo {
        maybe { CertificationInfo(references: $0.list { $0.uri() }, isList: true) }
            ?? CertificationInfo(references: [uri()], isList: false)
    }

    /// Fields with unique names, nested at most so deep.
    mutating func fields(_ depth: Int) -> [Field] {
        var names = Set<String>()
        return list { ($0.pick(["ex:a", "ex:bb", "cc", "", "é", "ex:datei", "@id"]), $0.value(depth)) }
            .filter { names.insert($0.0).inserted }.map { Field($0.0, $0.1) }
    }

    mutating func value(_ depth: Int) -> FieldValue {
        switch Int.random(in: 0..<(depth > 0 ? 6 : 4), using: &random) {
        case 0: .null
        case 1: .boolean(Bool.random(using: &random))
        case 2: .number(number())
        case 3: .text(uri())
        case 4: .list(list { $0.value(depth - 1) })
        default: .fields(fields(depth - 1))
        }
    }
}

extension EventGenerator {
    mutating func sensorElement() -> SensorElement {
        SensorElement(
            sensorMetadata: maybe { $0.metadata() },
            sensorReport: list { $0.report() },
            extensions: rarely { $0.fields(2) } ?? []
        )
    }

    private mutating func metadata() -> SensorMetadata {
        var metadata = SensorMetadata()
        metadata.time = maybe { $0.time() }
        metadata.startTime = maybe { $0.time() }
        metadata.endTime = maybe { $0.time() }
        metadata.deviceID = maybe { $0.identifier() }
        metadata.deviceMetadata = maybe { $0.identifier() }
        metadata.rawData = maybe { $0.identifier() }
        metadata.dataProcessingMethod = maybe { $0.identifier() }
        metadata.bizRules = maybe { $0.identifier() }
        metadata.extensions = maybe { $0.fields(2) } ?? []
        return metadata
    }

    private mutating func report() -> SensorReport {
        var report = SensorReport()
        report.type = maybe { $0.term(.measurementTypes) }
        report.exception = maybe { $0.term(.sensorAlertTypes) }
        report.deviceID = maybe { $0.identifier() }
        report.deviceMetadata = maybe { $0.identifier() }
        report.rawData = maybe { $0.identifier() }
        report.dataProcessingMethod = maybe { $0.identifier() }
        report.bizRules = maybe { $0.identifier() }
        report.time = maybe { $0.time() }
        report.microorganism = maybe { $0.identifier() }
        report.chemicalSubstance = maybe { $0.identifier() }
        report.value = maybe { $0.number() }
        report.component = maybe { $0.term(.components) }
        report.stringValue = maybe { $0.pick(["", "open"]) }
        report.booleanValue = maybe { Bool.random(using: &$0.random) }
        report.hexBinaryValue = maybe { $0.pick(["f0f0f0", "F0"]) }
        report.uriValue = maybe { $0.identifier() }
        report.minValue = maybe { $0.number() }
        report.maxValue = maybe { $0.number() }
        report.meanValue = maybe { $0.number() }
        report.sDev = maybe { $0.number() }
        report.percRank = maybe { $0.number() }
        report.percValue = maybe { $0.number() }
        report.uom = maybe { $0.pick(["CEL", "A93"]) }
        report.coordinateReferenceSystem = maybe { $0.identifier() }
        report.extensions = rarely { $0.fields(2) } ?? []
        return report
    }
}
