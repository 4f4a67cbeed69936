internal import HTTPTypes
internal import Hummingbird
internal import TraceLedger
internal import TraceProof
internal import TraceStatements

/// Who may write into a ledger: whoever presents a token of it, or, where the configuration opens it, whoever signed what
/// is admitted.
struct WriteAccess: Sendable {
    let admission: NodeConfiguration.Admission
    let tokens: [BearerToken]
    let anonymous: AddressRates

    /// The token that a request presents, with one request taken out of its rate; `nil` where it presents none.
    ///
    /// - Throws: ``Problem`` 401 for a token that is none of the ledger's, 429 above the rate.
    func token(of call: Call) throws(Problem) -> BearerToken? {
        guard let header = call.headers[.authorization] else { return nil }
        guard let token = tokens.first(where: { $0.isPresented(by: header) }) else {
            throw WriteAccess.unauthorized("the token is not one of this ledger's")
        }
        if let wait = token.admit(now: .now) { throw .tooMany("more requests than the token has", after: wait) }
        return token
    }

    /// The token that a request must present.
    func requiredToken(of call: Call) throws(Problem) -> BearerToken {
        guard let token = try token(of: call) else {
            throw WriteAccess.unauthorized("a bearer token belongs to this request")
        }
        return token
    }

    /// Lets a request in that brings statements, or, with none, one opaque entry.
    ///
    /// - Throws: ``Problem`` 401 or 403 where it may not, 429 where it was too often.
    func admit(_ statements: [Statement], from call: Call) throws(Problem) {
        if let token = try token(of: call) { return try charge(token, max(1, statements.count)) }
        switch admission {
        case .closed: throw WriteAccess.unauthorized("this ledger takes entries with a bearer token only")
        case .any: if !tokens.isEmpty { throw WriteAccess.unauthorized("a bearer token belongs to this request") }
        case .statements(_, registry: true): break
        case .statements(let issuers, registry: false):
            let stranger = statements.first { statement in
                !issuers.contains { $0.hasSameUTF8(as: statement.header.issuer) }
            }
            guard let stranger else { break }
            throw Problem(.forbidden, "this ledger takes no statement of \(stranger.header.issuer) without a token")
        }
        if let wait = anonymous.take(call.address, now: .now) {
            throw .tooMany("too many requests without a token", after: wait)
        }
    }

    /// Takes entries out of a token's quota.
    func charge(_ token: BearerToken, _ count: Int) throws(Problem) {
        guard token.charge(count, now: Ledger.Configuration.systemTime()) else {
            let now = Ledger.Configuration.systemTime()
            throw .tooMany("the token's quota of this day is used up", after: Double(86_400 - now % 86_400))
        }
    }

    private static func unauthorized(_ detail: String) -> Problem {
        Problem(.unauthorized, "not authorized", detail: detail, headers: [.wwwAuthenticate: "Bearer"])
    }
}
