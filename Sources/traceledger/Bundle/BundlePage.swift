import EPCISJSON
import TraceVerification

/// Checked bundles as one HTML page: nothing is fetched, nothing runs, and whatever a statement says is text.
struct BundlePage {
    private(set) var html: String

    init(_ bundles: [CheckedBundle]) {
        html = BundlePage.head
        for bundle in bundles { html += BundlePage.section(bundle) }
        html += "</main></body></html>\n"
    }

    private static let head = """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <meta name="referrer" content="no-referrer">
        <title>Evidence 证据</title>
        <style>
        :root { color-scheme: light dark; --line: #8884; --good: #1a7f37; --bad: #cf222e; --open: #9a6700; }
        @media (prefers-color-scheme: dark) { :root { --good: #3fb950; --bad: #ff7b72; --open: #d29922; } }
        body { font: 15px/1.5 system-ui, "Noto Sans SC", "PingFang SC", "Microsoft YaHei", sans-serif; margin: 0; }
        main { max-width: 90rem; margin: 0 auto; padding: 1.5rem; }
        h1 { font-size: 1.4rem; overflow-wrap: anywhere; } h2 { font-size: 1.1rem; margin-top: 2rem; }
        .verdict { font-weight: 700; } .good { color: var(--good); } .bad { color: var(--bad); } .open { color: var(--open); }
        .wide { overflow-x: auto; } table { border-collapse: collapse; width: 100%; }
        th, td { border-bottom: 1px solid var(--line); padding: .35rem .6rem; text-align: left; vertical-align: top; }
        td { overflow-wrap: anywhere; min-width: 6rem; } th { white-space: nowrap; }
        code { font-size: .85em; } ul { padding-left: 1.2rem; } small { opacity: .75; }
        @media print { main { max-width: none; padding: 0; } .wide { overflow: visible; } }
        </style>
        </head>
        <body><main>

        """

    private static func section(_ bundle: CheckedBundle) -> String {
        let report = bundle.result.report
        let style = style(report.verdict.exitCode)
        var html = "<section>\n<h1>Evidence 证据: \(escaped(bundle.file))</h1>\n"
        html += "<p class=\"verdict \(style)\">\(report.verdict.name)</p>\n"
        html += "<p>\(escaped(report.verdict.meaning.english))<br>"
        html += "<span lang=\"zh\">\(escaped(report.verdict.meaning.chinese))</span></p>\n"
        html += checkpoints(bundle.result)
        html += table(bundle.result.rows)
        html += steps(report)
        return html + "</section>\n"
    }

    private static func checkpoints(_ result: BundleReport) -> String {
        var lines = result.ledgers.map { asOf("Ledger 账本", $0) }
        if let registry = result.report.registry { lines.append(asOf("Registry 注册库", registry)) }
        guard !lines.isEmpty else { return "" }
        return "<h2>As of 截至</h2>\n<ul>\n\(lines.joined())</ul>\n"
    }

    private static func asOf(_ name: String, _ asOf: AsOf) -> String {
        let time = asOf.time.map { ", seen by the cosigners by 见证时间 \(Time.text($0))" } ?? ""
        return "<li>\(name) <code>\(escaped(asOf.origin))</code>, size 大小 \(asOf.size)\(time)</li>\n"
    }

    private static func table(_ rows: [BundleRow]) -> String {
        let headings = [
            "Verdict 结论", "Who 谁", "What 什么", "When 何时", "Where 何地", "Key 密钥", "Entry 条目",
        ]
        var html = "<h2>Statements 记录 (\(rows.count))</h2>\n<div class=\"wide\"><table>\n<thead><tr>"
        html += headings.map { "<th scope=\"col\">\($0)</th>" }.joined() + "</tr></thead>\n<tbody>\n"
        for row in rows { html += line(BundleCells(row)) }
        return html + "</tbody></table></div>\n"
    }

    private static func line(_ row: BundleCells) -> String {
        func lines(_ columns: [BundleCells.Column]) -> String {
            columns.map { row[$0] }.filter { !$0.isEmpty }.map { escaped($0) }.joined(separator: "<br>")
        }
        let cells = [
            "<span class=\"verdict \(style(row.exitCode))\">\(escaped(row[.verdict]))</span>"
                + (row[.reason].isEmpty ? "" : "<br><small>\(escaped(row[.reason]))</small>"),
            lines([.issuerName, .issuer]),
            lines([.type, .action, .bizStep, .disposition, .subject]),
            lines([.eventTime]) + signed("signed 签署", row[.issuedAt]) + signed("seen 见证", row[.seenAt]),
            lines([.readPoint, .bizLocation]),
            "<code>\(escaped(row[.kid]))</code>",
            "\(escaped(row[.origin])) <b>\(escaped(row[.index]))</b><br><code>\(escaped(row[.leafHash]))</code>",
        ]
        return "<tr>" + cells.map { "<td>\($0)</td>" }.joined() + "</tr>\n"
    }

    private static func signed(_ name: String, _ time: String) -> String {
        time.isEmpty ? "" : "<br><small>\(name) \(escaped(time))</small>"
    }

    private static func steps(_ report: VerificationReport) -> String {
        var html = "<h2>What was checked 检查步骤</h2>\n<ul>\n"
        for step in report.steps {
            let mark = step.passed ? "<b class=\"good\">ok 通过</b>" : "<b class=\"bad\">failed 不通过</b>"
            html += "<li>\(mark) \(escaped(step.name)): \(escaped(step.detail))</li>\n"
        }
        for what in report.unchecked { html += "<li><b class=\"open\">not checked 未检查</b> \(escaped(what))</li>\n" }
        return html + "</ul>\n"
    }

    private static func style(_ exitCode: Int) -> String { exitCode == 0 ? "good" : exitCode == 1 ? "bad" : "open" }

    /// Text that stays text: markup is escaped, and what steers the direction of writing is shown as what it is.
    static func escaped(_ text: String) -> String {
        var html = ""
        for scalar in text.withoutSteering.unicodeScalars {
            switch scalar {
            case "&": html += "&amp;"
            case "<": html += "&lt;"
            case ">": html += "&gt;"
            case "\"": html += "&quot;"
            case "'": html += "&#39;"
            default: html.unicodeScalars.append(scalar)
            }
        }
        return html
    }
}
