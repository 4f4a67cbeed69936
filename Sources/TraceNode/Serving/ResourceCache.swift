internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import Synchronization
internal import TraceProof

/// A resource that is never another again: a tile or a bundle that is full.
final class ImmutableResource: Sendable {
    let body: ByteBuffer
    /// The same, compressed, where that is smaller and allowed.
    let gzip: ByteBuffer?
    let entityTag: String
    let type: String

    init(_ bytes: [UInt8], type: String, compresses: Bool) {
        body = ByteBuffer(bytes: bytes)
        gzip = compresses ? Gzip.compressed(bytes).map { ByteBuffer(bytes: $0) } : nil
        entityTag = "\"" + Hex.encode(SHA256.hash(bytes).bytes.prefix(12)) + "\""
        self.type = type
    }

    /// What it takes of the cache.
    var byteCount: Int { body.readableBytes + (gzip?.readableBytes ?? 0) + 512 }

    /// The answer to a request for it.
    func response(to headers: HTTPFields) -> Response {
        var fields = HTTPFields()
        fields.reserveCapacity(8)
        fields[.accessControlAllowOrigin] = "*"
        fields[.cacheControl] = "public, max-age=31536000, immutable"
        fields[.eTag] = entityTag
        if gzip != nil { fields[.vary] = "accept-encoding" }
        if headers.hasETag(entityTag) {
            return Response(status: .notModified, headers: fields)
        }
        fields[.contentType] = type
        if let gzip, headers.accepts("gzip") {
            fields[.contentEncoding] = "gzip"
            return Response(status: .ok, headers: fields, body: ResponseBody(byteBuffer: gzip))
        }
        return Response(status: .ok, headers: fields, body: ResponseBody(byteBuffer: body))
    }
}

extension HTTPFields {
    /// Whether `If-None-Match` names an entity tag, or any.
    func hasETag(_ tag: String) -> Bool {
        guard let wanted = self[.ifNoneMatch] else { return false }
        return wanted == "*" || wanted.contains(tag)
    }

    /// Whether `Accept-Encoding` names a coding and does not rule it out with a weight of 0.
    func accepts(_ coding: String) -> Bool {
        guard let accepted = self[.acceptEncoding] else { return false }
        return accepted.split(separator: ",").contains { item in
            let parts = item.split(separator: ";")
            guard parts.first?.trimmingSpaces.lowercased() == coding else { return false }
            return !parts.dropFirst().contains {
                $0.trimmingSpaces.hasPrefix("q=0") && !$0.contains { ("1"..."9").contains($0) }
            }
        }
    }
}

extension Substring {
    /// Without spaces and tabs around it.
    var trimmingSpaces: Substring {
        var text = self
        while text.first == " " || text.first == "\t" { text.removeFirst() }
        while text.last == " " || text.last == "\t" { text.removeLast() }
        return text
    }
}

/// The immutable resources that were asked for lately, in memory.
///
/// When it is full everything that was not asked for since the last time goes: a second chance for each, no list to keep in
/// order.
final class ResourceCache: Sendable {
    private struct Slot {
        let resource: ImmutableResource
        var wasUsed: Bool
    }

    private struct State {
        var slots: [String: Slot] = [:]
        var byteCount = 0
    }

    private let limit: Int
    private let state = Mutex(State())

    /// A cache of at most so many bytes.
    init(limit: Int) { self.limit = limit }

    /// The resource at a path, where it is here.
    func find(_ path: String) -> ImmutableResource? {
        state.withLock { state in
            guard let index = state.slots.index(forKey: path) else { return nil }
            state.slots.values[index].wasUsed = true
            return state.slots.values[index].resource
        }
    }

    /// Keeps a resource.
    func insert(_ resource: ImmutableResource, at path: String) {
        guard resource.byteCount <= limit / 4 else { return }
        state.withLock { state in
            if let old = state.slots.updateValue(Slot(resource: resource, wasUsed: false), forKey: path) {
                state.byteCount -= old.resource.byteCount
            }
            state.byteCount += resource.byteCount
            guard state.byteCount > limit else { return }
            let all = state.slots
            state.slots = all.filter { $0.value.wasUsed }.mapValues { Slot(resource: $0.resource, wasUsed: false) }
            state.byteCount = state.slots.values.reduce(0) { $0 + $1.resource.byteCount }
            if state.byteCount > limit { state = State() }
        }
    }

    /// The bytes that it holds.
    var byteCount: Int { state.withLock { $0.byteCount } }
}
