internal import Mustache
internal import TraceVerification

/// The operator's page: what this node holds. Made on the server, nothing from elsewhere, no script.
enum StatusPage {
    private static let template: MustacheTemplate? = try? MustacheTemplate(string: text)

    /// The page.
    static func render(_ status: NodeStatus) -> String { template?.render(Page(status)) ?? "" }

    /// What the template shows; every value is escaped by it.
    private struct Page {
        let version: String
        let url: String
        let time: String
        let isReady: Bool
        let hindrances: [String]
        let ledgers: [Ledger]
        let mirrors: [Mirror]
        let cosigners: [Cosigner]
        let witness: [Witness]
        let alarms: [AlarmRow]
        let hasAlarms: Bool
        let hasLedgers: Bool
        let hasMirrors: Bool
        let hasCosigners: Bool

        init(_ status: NodeStatus) {
            version = status.version
            url = status.url
            time = UTCTime.text(status.time)
            hindrances = status.hindrances
            isReady = status.hindrances.isEmpty
            ledgers = status.ledgers.map(Ledger.init)
            mirrors = status.mirrors.map { Mirror($0, now: status.time) }
            cosigners = status.cosigners.map { Cosigner($0, now: status.time) }
            witness = status.witnessName.map { [Witness(name: $0, logs: status.witnessed)] } ?? []
            alarms = status.alarms.map(AlarmRow.init)
            (hasAlarms, hasLedgers) = (!status.alarms.isEmpty, !status.ledgers.isEmpty)
            (hasMirrors, hasCosigners) = (!status.mirrors.isEmpty, !status.cosigners.isEmpty)
        }
    }

    private struct Ledger {
        let path: String
        let origin: String
        let published: String
        let waiting: String
        let root: String
        let cosigners: String
        let state: String

        init(_ ledger: NodeStatus.OwnLedger) {
            (path, origin, root) = (ledger.path, ledger.origin, ledger.root)
            published = "\(ledger.published)"
            waiting = ledger.committed.map { "\($0 - min($0, ledger.published))" } ?? "–"
            cosigners = ledger.cosigners.isEmpty ? "nobody" : ledger.cosigners.joined(separator: ", ")
            state = ledger.closedReason.map { "closed: \($0)" } ?? "open"
        }
    }

    private struct Mirror {
        let path: String
        let origin: String
        let size: String
        let lag: String
        let seen: String
        let failure: String

        init(_ mirror: NodeStatus.MirroredLedger, now: UInt64) {
            (path, origin) = (mirror.path, mirror.origin)
            size = "\(mirror.size)"
            lag = mirror.lag.map { "\($0)" } ?? "–"
            seen = StatusPage.age(mirror.lastSuccess, now: now)
            failure = mirror.failure ?? "ok"
        }
    }

    private struct Cosigner {
        let ledger: String
        let name: String
        let url: String
        let size: String
        let seen: String
        let failure: String

        init(_ cosigner: NodeStatus.Cosigner, now: UInt64) {
            (ledger, name, url) = (cosigner.ledger, cosigner.name, cosigner.url)
            size = "\(cosigner.size)"
            seen = StatusPage.age(cosigner.lastSuccess, now: now)
            failure = cosigner.failure ?? "ok"
        }
    }

    private struct Witness {
        let name: String
        let logs: [Log]

        struct Log {
            let origin: String
            let size: String
        }

        init(name: String, logs: [NodeStatus.WitnessedLedger]) {
            self.name = name
            self.logs = logs.map { Log(origin: $0.origin, size: $0.size.map { "\($0)" } ?? "–") }
        }
    }

    private struct AlarmRow {
        let origin: String
        let kind: String
        let reason: String
        let evidence: String
        let time: String

        init(_ alarm: Alarm) {
            (origin, kind, reason, evidence) = (alarm.origin, alarm.kind, alarm.reason, alarm.evidence)
            time = UTCTime.text(alarm.time)
        }
    }

    /// How long ago, in the largest unit that it fills.
    private static func age(_ seconds: UInt64?, now: UInt64) -> String {
        guard let seconds else { return "never" }
        let age = now - min(now, seconds)
        for (unit, length) in [("d", 86_400), ("h", 3600), ("min", 60)] as [(String, UInt64)] where age >= length {
            return "\(age / length) \(unit) ago"
        }
        return "\(age) s ago"
    }

    private static let text = """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>tracenode {{url}}</title>
        <style>
        :root { color-scheme: light dark; --edge: #8884; --bad: #b3261e; --good: #1a7f37; --soft: #6b7280; }
        @media (prefers-color-scheme: dark) { :root { --bad: #ff8a80; --good: #7ee2a8; --soft: #9ca3af; } }
        body { font: 16px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }
        h1 { font-size: 1.4rem; margin-bottom: 0; } h2 { font-size: 1.1rem; margin-top: 2rem; }
        p.soft, footer { color: var(--soft); }
        .scroll { overflow-x: auto; }
        table { border-collapse: collapse; width: 100%; }
        th, td { text-align: left; padding: .35rem .75rem .35rem 0; border-bottom: 1px solid var(--edge); vertical-align: top; }
        td.n { font-variant-numeric: tabular-nums; white-space: nowrap; }
        code { font-size: .85em; overflow-wrap: anywhere; }
        .good { color: var(--good); } .bad { color: var(--bad); font-weight: 600; }
        </style>
        </head>
        <body>
        <h1>tracenode</h1>
        <p class="soft">{{url}} · {{time}}</p>
        {{#isReady}}<p class="good">Ready.</p>{{/isReady}}
        {{^isReady}}<p class="bad">Not ready:</p><ul>{{#hindrances}}<li>{{.}}</li>{{/hindrances}}</ul>{{/isReady}}
        {{#hasAlarms}}
        <h2 class="bad">Alarms</h2>
        <div class="scroll"><table>
        <tr><th>Ledger<th>What<th>Why<th>Evidence<th>Since</tr>
        {{#alarms}}<tr><td>{{origin}}<td class="bad">{{kind}}<td>{{reason}}<td><code>{{evidence}}</code><td class="n">{{time}}</tr>
        {{/alarms}}
        </table></div>
        <p class="soft">What was verified before is served on. Anybody checks the evidence with <code>traceledger verify</code>.</p>
        {{/hasAlarms}}
        {{#hasLedgers}}
        <h2>Own ledgers</h2>
        <div class="scroll"><table>
        <tr><th>Ledger<th>Published<th>Waiting<th>Cosigned by<th>State<th>Root</tr>
        {{#ledgers}}<tr><td><a href="/{{path}}/checkpoint">{{origin}}</a><td class="n">{{published}}<td class="n">{{waiting}}<td>{{cosigners}}<td>{{state}}<td><code>{{root}}</code></tr>
        {{/ledgers}}
        </table></div>
        {{/hasLedgers}}
        {{#hasMirrors}}
        <h2>Mirrored ledgers</h2>
        <div class="scroll"><table>
        <tr><th>Ledger<th>Entries<th>Behind<th>Last answer<th>State</tr>
        {{#mirrors}}<tr><td><a href="{{path}}/checkpoint">{{origin}}</a><td class="n">{{size}}<td class="n">{{lag}}<td class="n">{{seen}}<td>{{failure}}</tr>
        {{/mirrors}}
        </table></div>
        {{/hasMirrors}}
        {{#witness}}
        <h2>Witnessed as {{name}}</h2>
        <div class="scroll"><table>
        <tr><th>Ledger<th>Cosigned size</tr>
        {{#logs}}<tr><td>{{origin}}<td class="n">{{size}}</tr>
        {{/logs}}
        </table></div>
        {{/witness}}
        {{#hasCosigners}}
        <h2>Cosigners</h2>
        <div class="scroll"><table>
        <tr><th>Of<th>Cosigner<th>URL<th>Cosigned size<th>Last answer<th>State</tr>
        {{#cosigners}}<tr><td>{{ledger}}<td>{{name}}<td><code>{{url}}</code><td class="n">{{size}}<td class="n">{{seen}}<td>{{failure}}</tr>
        {{/cosigners}}
        </table></div>
        {{/hasCosigners}}
        <footer><p>tracenode {{version}} · <a href="/status.json">status.json</a> · <a href="/metrics">metrics</a></p></footer>
        </body>
        </html>

        """
}
