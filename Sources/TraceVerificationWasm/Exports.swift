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

/// SHA-256: bytes; the digest.
@c(tv_sha256)
public func sha256(_ input: UnsafeMutablePointer<UInt8>, _ count: Int) -> UnsafeMutablePointer<UInt8> {
    unsafe answer(input, count) { (fields, output) throws(FormatError) in
        let message = try fields.next()
        try fields.finish()
        output.append(SHA256.hash(message).bytes)
    }
}

/// An RFC 6962 leaf hash: the entry; the digest.
@c(tv_leaf_hash)
public func leafHash(_ input: UnsafeMutablePointer<UInt8>, _ count: Int) -> UnsafeMutablePointer<UInt8> {
    unsafe answer(input, count) { (fields, output) throws(FormatError) in
        let entry = try fields.next()
        try fields.finish()
        output.append(TreeHash.leaf(entry).bytes)
    }
}
