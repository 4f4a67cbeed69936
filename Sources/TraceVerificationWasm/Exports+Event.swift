internal import EPCIS
internal import TraceProof

/// Decodes an event payload (formats.md section 2, kind 65001). In: payload. Out: the event type's number
/// (`EPCISEvent.Kind`), the event time as written, the subject.
@c(tv_decode_event)
public func decodeEvent(_ input: UnsafeMutablePointer<UInt8>, _ count: Int) -> UnsafeMutablePointer<UInt8> {
    unsafe answer(input, count) { (fields, output) throws(FormatError) in
        let event = try EPCISEvent(payload: try fields.next())
        try fields.finish()
        output.append(UInt64(event.kind.rawValue))
        output.append(event.eventTime.text)
        output.append(event.subject)
    }
}
