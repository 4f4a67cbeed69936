import Foundation
import TestSupport

/// One Swift file of Sources, read as text.
struct SourceFile: CustomStringConvertible {
    let module: String
    let path: String
    let lines: [Substring]

    var description: String { path }

    /// The modules named by `import` lines, whatever attributes and access levels stand before.
    var imports: Set<String> {
        Set(lines.compactMap { $0.firstMatch(of: SourceFile.importLine).map { String($0.output.1) } })
    }

    private static var importLine: Regex<(Substring, Substring)> {
        /^\s*(?:@\w+(?:\([^)]*\))?\s+)*(?:(?:public|package|internal|fileprivate|private)\s+)?import\s+(?:(?:struct|class|enum|protocol|typealias|func|var|let)\s+)?(\w+)/
    }
}

enum SourceTree {
    static let root = Vectors.packageRoot.appending(path: "Sources")

    /// The folders of Sources.
    static var modules: [String] {
        get throws {
            try FileManager.default.contentsOfDirectory(atPath: root.path).filter { !$0.hasPrefix(".") }.sorted()
        }
    }

    /// Every Swift file of one module.
    static func files(of module: String) throws -> [SourceFile] {
        let folder = root.appending(path: module)
        let paths = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
        return try paths.filter { $0.hasSuffix(".swift") }.sorted().map { path in
            let text = try String(contentsOf: folder.appending(path: path), encoding: .utf8)
            return SourceFile(
                module: module,
                path: "Sources/\(module)/\(path)",
                lines: text.split(separator: "\n", omittingEmptySubsequences: false)
            )
        }
    }

    /// The targets of this package that Package.swift gives each target as dependencies, products of packages left out.
    static func declaredDependencies() throws -> [String: Set<String>] {
        let manifest = try String(contentsOf: Vectors.packageRoot.appending(path: "Package.swift"), encoding: .utf8)
        var graph: [String: Set<String>] = [:]
        for target in manifest.matches(of: /\.(?:target|executableTarget|testTarget)\(\s*name:\s*"(\w+)"/) {
            let rest = manifest[target.range.upperBound...]
            var names: Set<String> = []
            if let list = rest.prefixMatch(of: /\s*,\s*dependencies:\s*\[/) {
                let body = manifest[list.range.upperBound...]
                // `.product(…)` stands on a line of its own and names a module of another package.
                for line in body.prefix(while: { $0 != "]" }).split(separator: "\n") where !line.contains(".product(") {
                    names.formUnion(line.matches(of: /"(\w+)"/).map { String($0.output.1) })
                }
            }
            graph[String(target.output.1)] = names
        }
        return graph
    }
}
