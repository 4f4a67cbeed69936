internal import TraceProof

// What the host calls. Memory: the host asks for an input buffer with tv_alloc, writes the fields into it and calls; the
// callee frees the input. The result is a 32-bit little-endian length and the fields; the host frees it with tv_free.

/// A buffer of `count` bytes for the input of one call.
@c(tv_alloc)
public func allocate(_ count: Int) -> UnsafeMutablePointer<UInt8> {
    UnsafeMutablePointer<UInt8>.allocate(capacity: max(count, 1))
}

/// Gives a result back.
@c(tv_free)
public func release(_ result: UnsafeMutablePointer<UInt8>) {
    unsafe result.deallocate()
}

/// Runs one function over the input's fields and lays its result out for the host.
func answer(
    _ input: UnsafeMutablePointer<UInt8>,
    _ count: Int,
    _ body: (inout Fields, inout FieldWriter) throws(FormatError) -> Void
) -> UnsafeMutablePointer<UInt8> {
    var fields = unsafe Fields([UInt8](UnsafeBufferPointer(start: input, count: count)))
    unsafe input.deallocate()
    var output = FieldWriter()
    output.append([Status.ok.rawValue])
    do throws(FormatError) {
        try body(&fields, &output)
    } catch {
        output = FieldWriter()
        output.append([Status.refused.rawValue])
        output.append(error.description)
    }
    let result = unsafe allocate(output.bytes.count + 4)
    var framed = FieldWriter()
    framed.append(output.bytes)
    unsafe result.update(from: framed.bytes, count: framed.bytes.count)
    return unsafe result
}

/// Like ``answer(_:_:_:)`` for a function that checks signatures. Its first field is the answers: one byte 0 to be asked,
/// or one byte 1 and the digests of the questions whose signatures hold. Asked, it returns ``Status/asked`` and key,
/// signature and message of each question.
func answerChecked(
    _ input: UnsafeMutablePointer<UInt8>,
    _ count: Int,
    _ body: (inout Fields, RecordedChecker, inout FieldWriter) throws(FormatError) -> Void
) -> UnsafeMutablePointer<UInt8> {
    unsafe answer(input, count) { (fields, output) throws(FormatError) in
        let checker = RecordedChecker(valid: try fields.nextAnswers())
        var result = output
        try body(&fields, checker, &result)
        guard checker.isRecording else {
            output = result
            return
        }
        output = FieldWriter()
        output.append([Status.asked.rawValue])
        for question in checker.questions {
            output.append(question.key.bytes)
            output.append(question.signature.bytes)
            output.append(question.message)
        }
    }
}
