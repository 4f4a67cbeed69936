// swift-tools-version: 6.2
import PackageDescription

/// A suite: one program that the benchmark plugin runs.
func suite(_ name: String, _ products: String...) -> Target {
    .executableTarget(
        name: name,
        dependencies: ["Measure", .product(name: "Benchmark", package: "benchmark")]
            + products.map { .product(name: $0, package: "traceledger") },
        path: "Benchmarks/\(name)",
        plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")]
    )
}

// A package of its own, so that nobody who builds traceledger downloads a benchmark harness.
let package = Package(
    name: "benchmarks",
    platforms: [.macOS("26.0")],
    dependencies: [
        .package(name: "traceledger", path: "..", traits: []),
        .package(url: "https://github.com/ordo-one/benchmark", from: "1.38.1", traits: []),
    ],
    targets: [
        // libsodium as it is, for the baselines: what we measure against must not go through our own code.
        .systemLibrary(name: "RawSodium", path: "RawSodium", pkgConfig: "libsodium"),
        // The system's SQLite, the baseline of the durable append.
        .systemLibrary(name: "CSQLite", path: "SQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .target(
            name: "Measure",
            dependencies: ["RawSodium", .product(name: "Benchmark", package: "benchmark")],
            path: "Measure"
        ),
        suite("Hashing", "TraceProof"),
        suite("Proofs", "TraceProof", "TraceLedger"),
        suite("Signatures", "TraceProof", "TraceSigning", "TraceLedger"),
        suite("Events", "TraceProof", "EPCIS"),
        suite("Identifiers", "GS1"),
        suite("Ledger", "TraceProof", "TraceSigning", "TraceLedger"),
        // Not a timing: bytes an entry, beside JSON and what compressors make of it. In a folder of its own, because the
        // plugin takes every program directly below a folder called Benchmarks for a suite.
        .executableTarget(
            name: "Sizes",
            dependencies: [
                .product(name: "EPCIS", package: "traceledger"),
                .product(name: "TraceSigning", package: "traceledger"),
                .product(name: "TraceLedger", package: "traceledger"),
            ],
            path: "Tools/Sizes"
        ),
        // Hashes, bytes and time of evidence bundles.
        .executableTarget(
            name: "Bundles",
            dependencies: [
                "RawSodium",
                .product(name: "TraceLedger", package: "traceledger"),
                .product(name: "TraceVerification", package: "traceledger"),
                .product(name: "TraceProof", package: "traceledger"),
                .product(name: "TraceSigning", package: "traceledger"),
            ],
            path: "Tools/Bundles"
        ),
        // What a registry's pack, verdicts under it and the map of subjects cost.
        .executableTarget(
            name: "Trust",
            dependencies: [
                .product(name: "TraceLedger", package: "traceledger"),
                .product(name: "TraceVerification", package: "traceledger"),
                .product(name: "TraceProof", package: "traceledger"),
                .product(name: "TraceSigning", package: "traceledger"),
            ],
            path: "Tools/Trust"
        ),
        // What whole runs of an engine take, with many callers and on a real disk.
        .executableTarget(
            name: "Durable",
            dependencies: [
                "CSQLite", "RawSodium",
                .product(name: "TraceLedger", package: "traceledger"),
                .product(name: "TraceProof", package: "traceledger"),
                .product(name: "TraceSigning", package: "traceledger"),
            ],
            path: "Tools/Durable"
        ),
    ],
    swiftLanguageModes: [.v6]
)
