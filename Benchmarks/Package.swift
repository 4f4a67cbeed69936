// swift-tools-version: 6.2
import PackageDescription

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
        .executableTarget(
            name: "Hashing",
            dependencies: [
                "RawSodium",
                .product(name: "TraceProof", package: "traceledger"),
                .product(name: "Benchmark", package: "benchmark"),
            ],
            path: "Benchmarks/Hashing",
            plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")]
        ),
    ],
    swiftLanguageModes: [.v6]
)
