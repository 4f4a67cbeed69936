internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import TraceProof

/// A file that the configuration names, sent as it lies there: a piece at a time, so that the largest pack costs as little
/// memory as the smallest, and the same file from the first byte to the last, also where another takes its name meanwhile.
struct ServedFile {
    private let handle: FileHandle
    /// Its length in bytes.
    let size: Int
    /// Another one where the file was changed.
    let entityTag: String

    /// So much is read at a time.
    private static let piece = 256 << 10

    /// Opens a regular file; `nil` where there is none that can be read.
    init?(_ path: String) {
        guard let handle = FileHandle(forReadingAtPath: path) else { return nil }
        var information = stat()
        guard unsafe fstat(handle.fileDescriptor, &information) == 0, information.st_mode & S_IFMT == S_IFREG else {
            return nil
        }
        #if canImport(Darwin)
        let time = information.st_mtimespec
        #else
        let time = information.st_mtim
        #endif
        let stamp = "\(information.st_size) \(time.tv_sec) \(time.tv_nsec) \(information.st_ino)"
        (self.handle, size) = (handle, Int(information.st_size))
        entityTag = "\"" + Hex.encode(SHA256.hash(Array(stamp.utf8)).bytes.prefix(12)) + "\""
    }

    /// The whole file; `nil` for more than `limit` bytes.
    func read(upTo limit: Int) throws -> [UInt8]? {
        guard size <= limit else { return nil }
        return [UInt8](try handle.readToEnd() ?? Data())
    }

    /// The answer to a request for it.
    func response(to headers: HTTPFields, type: String, with more: HTTPFields = HTTPFields()) -> Response {
        var fields = more
        (fields[.eTag], fields[.cacheControl]) = (entityTag, "no-cache")
        if headers.hasETag(entityTag) { return Response(status: .notModified, headers: fields) }
        fields[.contentType] = type
        let (handle, size) = (handle, size)
        let body = ResponseBody(contentLength: size) { writer in
            var rest = size
            while rest > 0 {
                let data = try handle.read(upToCount: min(rest, ServedFile.piece)) ?? Data()
                // Cut while it was sent: the connection ends before the length that was promised.
                guard !data.isEmpty else { throw CancellationError() }
                rest -= data.count
                try await writer.write(ByteBuffer(bytes: data))
            }
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: fields, body: body)
    }
}
