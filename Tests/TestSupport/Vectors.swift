public import Foundation

/// The public test data in `../shared/vectors`, beside the checkout. A test that reads it is enabled by
/// `.enabled(if: Vectors.present, Vectors.absentMessage)`, so that a lone clone says what it skipped.
public enum Vectors {
    /// The root of this package.
    public static let packageRoot = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// The folder of the vectors.
    public static let root = packageRoot.deletingLastPathComponent().appending(path: "shared/vectors")

    /// Whether the vectors are there.
    public static let present = FileManager.default.fileExists(atPath: root.path)

    /// What a skipped test says.
    public static let absentMessage: String = "skipped: the public vectors are not at ../shared/vectors"

    /// The bytes of one file.
    public static func bytes(_ path: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: root.appending(path: path)))
    }

    /// Every file below a folder whose name ends so, in a stable order, as paths relative to the vectors.
    public static func files(below folder: String, ending suffix: String) -> [String] {
        let base = root.appending(path: folder)
        guard let found = FileManager.default.enumerator(atPath: base.path) else { return [] }
        return found.compactMap { $0 as? String }.filter { $0.hasSuffix(suffix) }.sorted().map { "\(folder)/\($0)" }
    }
}
