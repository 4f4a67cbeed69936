internal import NIOCore
internal import NIOHTTP1
internal import NIOHTTPCompression
internal import NIOPosix
internal import NIOSSL

/// What the network's errors mean, in words: some of NIO's own name a case and no more.
enum ErrorText {
    static func of(_ error: any Error) -> String {
        switch error {
        case let error as NIOConnectionError: connection(error)
        case ChannelError.connectTimeout(let time): "no connection in \(time.seconds)"
        case ChannelError.eof, ChannelError.ioOnClosedChannel: "the connection was closed"
        case NIOSSLError.uncleanShutdown: "the connection was cut off within TLS"
        case NIOSSLError.handshakeFailed(.sslError(let errors)) where names(errors, "CERTIFICATE_VERIFY_FAILED"):
            "its certificate is not valid here (unknown authority, expired, or not for this use)"
        case let error as NIOSSLExtraError where error == .failedToValidateHostname:
            "its certificate is for another host name"
        default: "\(error)".count > 300 ? "\("\(error)".prefix(300))…" : "\(error)"
        }
    }

    /// Whether a failure to agree on TLS may pass by itself: the connection broke, and no certificate was refused.
    static func isPassing(_ error: any Error) -> Bool { error is ChannelError || error is IOError }

    /// Whether it only says that the connection ended.
    static func isClosing(_ error: any Error) -> Bool {
        switch error {
        case ChannelError.eof, ChannelError.ioOnClosedChannel, ChannelError.alreadyClosed, NIOSSLError.uncleanShutdown:
            true
        default: error is IOError
        }
    }

    /// Whether an answer ended before it was whole, by what was announced or by its gzip.
    static func isTruncation(_ error: any Error) -> Bool {
        if let error = error as? HTTPParserError { return error == .invalidEOFState }
        return error as? NIOHTTPDecompression.ExtraDecompressionError == .truncatedData
    }

    private static func names(_ errors: [BoringSSLInternalError], _ reason: String) -> Bool {
        errors.contains { "\($0)".contains(reason) }
    }

    private static func connection(_ error: NIOConnectionError) -> String {
        if let first = error.connectionErrors.first { return of(first.error) }
        if let dns = error.dnsAError ?? error.dnsAAAAError { return "the name is not known (\(dns))" }
        return "the name has no address"
    }
}
