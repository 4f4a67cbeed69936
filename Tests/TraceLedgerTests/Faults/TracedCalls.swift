import TestSupport

/// The system calls of a process as `strace -f -y` wrote them down: each begins and ends somewhere in one order.
struct TracedCalls {
    struct Call {
        let name: String
        /// The paths that it is about: that of its descriptor, or those in its arguments.
        let paths: [String]
        /// What it writes, as far as strace shows it.
        let text: String
        let begin: Int
        var end: Int
    }

    private(set) var calls: [Call] = []

    init(_ trace: String) {
        var open: [Substring: Int] = [:]
        for (position, line) in trace.split(separator: "\n").enumerated() {
            let parts = line.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: true)
            guard parts.count == 2 else { continue }
            let (process, rest) = (parts[0], parts[1].drop { $0 == " " })
            if rest.hasPrefix("<... ") {
                if let call = open.removeValue(forKey: process) { calls[call].end = position }
                continue
            }
            guard let parenthesis = rest.firstIndex(of: "("), !rest.hasPrefix("+++"), !rest.hasPrefix("---") else {
                continue
            }
            let arguments = rest[parenthesis...]
            let quoted = arguments.split(separator: "\"", omittingEmptySubsequences: false)
                .enumerated().filter { $0.offset % 2 == 1 }.map { String($0.element) }
            var paths: [String] = []
            if let less = arguments.firstIndex(of: "<"), let more = arguments[less...].firstIndex(of: ">") {
                paths = [String(arguments[arguments.index(after: less)..<more])]
            }
            let name = String(rest[..<parenthesis])
            if name.hasPrefix("rename") { paths = quoted }
            if line.hasSuffix("<unfinished ...>") { open[process] = calls.count }
            calls.append(Call(name: name, paths: paths, text: quoted.first ?? "", begin: position, end: position))
        }
    }

    /// The calls of these names of which some path ends so or contains it.
    func all(_ names: Set<String>, _ path: String) -> [Call] {
        calls.filter { call in
            names.contains(call.name) && call.paths.contains { $0.hasSuffix(path) || $0.contains(path) }
        }
    }
}
