import Foundation
import Synchronization
import TraceLedger

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

/// A ledger behind a web server, read through its tlog-tiles paths. No more of a body is taken than its limit.
final class HTTPSource: NSObject, LedgerSource {
    let name: String

    private struct Pending {
        let limit: Int
        let continuation: CheckedContinuation<[UInt8]?, any Error>
        /// Whether an answer of any status is wanted, as of a submission.
        var takesAnyStatus = false
        let deadline = ContinuousClock.now + .seconds(300)
        // Joined at the end: to copy them for every chunk would be slower than a server sends, and the rest would pile up.
        var chunks: [Data] = []
        var count = 0
        var failure: CommandFailure?
        var isAbsent = false

        var isTooLong: Bool { count > limit }
        // The session's own limit for a whole resource does nothing on Linux, where a server could dribble for ever.
        var isRefused: Bool { isTooLong || ContinuousClock.now > deadline }
    }

    private let pending = Mutex<[Int: Pending]>([:])
    /// The first failure of the network, also where a caller went on after it.
    private let firstFailure = Mutex<CommandFailure?>(nil)

    /// The status of the last submission's answer: they are sent one after the other.
    private let lastStatus = Mutex(0)

    private static let configuration: URLSessionConfiguration = {
        let configuration = URLSessionConfiguration.ephemeral
        configuration.timeoutIntervalForRequest = 30
        configuration.timeoutIntervalForResource = 300
        configuration.requestCachePolicy = .reloadIgnoringLocalCacheData
        configuration.httpShouldSetCookies = false
        return configuration
    }()

    // The session keeps its delegate alive, and the process ends before that matters.
    private let session = Mutex<URLSession?>(nil)

    /// The ledger at `url`, with or without a slash at its end.
    init(_ url: String) throws {
        var trimmed = url
        while trimmed.hasSuffix("/") { trimmed.removeLast() }
        // HTTP:// is the same (RFC 3986 section 3.1), and Foundation on Linux knows small letters only.
        if let colon = trimmed.firstIndex(of: ":") { trimmed = trimmed[..<colon].lowercased() + trimmed[colon...] }
        guard let parsed = URL(string: trimmed), parsed.host?.isEmpty == false, parsed.query == nil,
            parsed.fragment == nil
        else { throw CommandFailure(.usage, "\(url): not the URL of a ledger: no host, or a query behind it") }
        name = trimmed
    }

    /// What kept the network from answering, if anything did.
    var failure: CommandFailure? { firstFailure.withLock { $0 } }

    func read(_ path: String, limit: Int) async throws -> [UInt8]? {
        // A server that sent without end is not asked again.
        if let failure, failure.status == .wrong { throw failure }
        let text = "\(name)/\(path)"
        guard let url = URL(string: text) else { throw CommandFailure(.usage, "\(text): not a URL") }
        return try await send(URLRequest(url: url), text) { Pending(limit: limit, continuation: $0) }
    }

    /// Submits a body, and gives the status and what was answered.
    ///
    /// - Parameter token: a bearer token, where the server asks for one.
    func post(
        _ body: [UInt8],
        _ type: String,
        to path: String,
        token: String?,
        limit: Int
    ) async throws -> (status: Int, body: [UInt8]) {
        let text = "\(name)/\(path)"
        guard let url = URL(string: text) else { throw CommandFailure(.usage, "\(text): not a URL") }
        var request = URLRequest(url: url)
        request.httpMethod = "POST"
        request.httpBody = Data(body)
        request.setValue(type, forHTTPHeaderField: "Content-Type")
        if let token { request.setValue("Bearer \(token)", forHTTPHeaderField: "Authorization") }
        let answer = try await send(request, text) {
            Pending(limit: limit, continuation: $0, takesAnyStatus: true)
        }
        return (lastStatus.withLock { $0 }, answer ?? [])
    }

    private func send(
        _ request: URLRequest,
        _ text: String,
        _ pend: (CheckedContinuation<[UInt8]?, any Error>) -> Pending
    ) async throws -> [UInt8]? {
        do {
            return try await withCheckedThrowingContinuation { continuation in
                let task = openSession().dataTask(with: request)
                pending.withLock { $0[task.taskIdentifier] = pend(continuation) }
                task.resume()
            }
        } catch {
            let failure =
                error as? CommandFailure ?? CommandFailure(.unavailable, "\(text): \(error.localizedDescription)")
            firstFailure.withLock { $0 = $0 ?? failure }
            throw failure
        }
    }

    private func openSession() -> URLSession {
        session.withLock { session in
            if let session { return session }
            let opened = URLSession(configuration: HTTPSource.configuration, delegate: self, delegateQueue: nil)
            session = opened
            return opened
        }
    }
}

extension HTTPSource: URLSessionDataDelegate {
    func urlSession(
        _ session: URLSession,
        dataTask: URLSessionDataTask,
        didReceive response: URLResponse,
        completionHandler: @escaping @Sendable (URLSession.ResponseDisposition) -> Void
    ) {
        let status = (response as? HTTPURLResponse)?.statusCode ?? 0
        let goesOn = pending.withLock { pending in
            if pending[dataTask.taskIdentifier]?.takesAnyStatus == true {
                lastStatus.withLock { $0 = status }
                return true
            }
            switch status {
            case 200: return true
            case 404, 410: pending[dataTask.taskIdentifier]?.isAbsent = true
            default:
                let url = dataTask.originalRequest?.url?.absoluteString ?? name
                pending[dataTask.taskIdentifier]?.failure = CommandFailure(
                    .unavailable,
                    "\(url): the server answered \(status)"
                )
            }
            return false
        }
        completionHandler(goesOn ? .allow : .cancel)
    }

    func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
        let refused = pending.withLock { pending -> Pending? in
            let identifier = dataTask.taskIdentifier
            guard let index = pending.index(forKey: identifier) else { return nil }
            pending.values[index].chunks.append(data)
            pending.values[index].count += data.count
            return pending.values[index].isRefused ? pending.removeValue(forKey: identifier) : nil
        }
        guard let refused else { return }
        dataTask.cancel()
        // Not left to the end of the task: on Linux a cancelled one goes on taking what the server sends for a while.
        let url = dataTask.originalRequest?.url?.absoluteString ?? name
        refused.continuation.resume(
            throwing: refused.isTooLong
                ? CommandFailure(
                    .wrong,
                    "\(url): the server sent more than the \(refused.limit) bytes that this may have"
                )
                : CommandFailure(.unavailable, "\(url): the server did not send the file in 300 seconds")
        )
    }

    func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
        guard let done = pending.withLock({ $0.removeValue(forKey: task.taskIdentifier) }) else { return }
        if let failure = done.failure {
            done.continuation.resume(throwing: failure)
        } else if done.isAbsent {
            done.continuation.resume(returning: nil)
        } else if let error {
            let url = task.originalRequest?.url?.absoluteString ?? name
            done.continuation.resume(
                throwing: CommandFailure(.unavailable, "\(url): \(error.localizedDescription)")
            )
        } else {
            done.continuation.resume(returning: done.chunks.flatMap { $0 })
        }
    }
}
