import Foundation

/// Prints, as two Markdown tables, how many bytes a signed entry has beside the same event in JSON, and that made small by
/// the system's `gzip` and `zstd`.
///
/// usage: swift run --package-path Benchmarks -c release Sizes
@main
struct Sizes {
    static func main() async throws {
        print(
            "| document | events | JSON | gzip -9 | zstd -19 | gzip -9, whole | zstd -19, whole | payload | entry | entry/JSON |"
        )
        print("|---|---|---|---|---|---|---|---|---|---|")
        var total = Row(name: "all")
        for document in try Row.documents() {
            let row = try await Row(document)
            print(row.markdown)
            total += row
        }
        print(total.markdown)
        print(
            "\nBytes an event. The compressors get each event by itself, and the document's events together (whole).\n"
        )

        print("| event | JSON | gzip -9 | zstd -19 | payload | entry | goal |")
        print("|---|---|---|---|---|---|---|")
        for (count, goal) in [(1, 320), (100, 1050), (1000, 7700)] {
            let row = try await Row(name: "ObjectEvent with \(count) EPCs", json: [try Row.event(epcs: count)])
            print("| \(row.name) | \(row.bytes.map(String.init).joined(separator: " | ")) | \(goal) |")
        }
    }
}
