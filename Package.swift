// swift-tools-version: 6.2
import PackageDescription

/// Every Swift module is built the same strict way (Docs/Architecture.md, "How it is built").
let strict: [SwiftSetting] = [
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

/// Packages that only the programs need: a user who embeds the library with `traits: []` downloads none of them.
let programs: TargetDependencyCondition? = .when(traits: ["Node"])

let package = Package(
    name: "traceledger",
    platforms: [.macOS("26.0"), .iOS("26.0")],
    products: [
        .library(name: "TraceLedger", targets: ["TraceLedger", "TraceSigning", "EPCISJSON"]),
        .library(name: "TraceVerification", targets: ["TraceVerification"]),
        .library(name: "TraceSigning", targets: ["TraceSigning"]),
        .library(name: "TraceReplication", targets: ["TraceReplication"]),
        .library(name: "TraceProof", targets: ["TraceProof"]),
        .library(name: "EPCIS", targets: ["EPCIS", "EPCISJSON"]),
        .library(name: "GS1", targets: ["GS1"]),
        .library(name: "QRReader", targets: ["QRReader"]),
        .library(name: "TraceLabels", targets: ["TraceLabels"]),
        .executable(name: "traceledger", targets: ["traceledger"]),
        .executable(name: "tracenode", targets: ["tracenode"]),
    ],
    traits: [
        .trait(
            name: "Node",
            description: "The programs `traceledger` and `tracenode`, and the packages that only they need."
        ),
        .default(enabledTraits: ["Node"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // Floor 0: C.
        .systemLibrary(
            name: "CSodium",
            pkgConfig: "libsodium",
            providers: [.apt(["libsodium-dev"]), .brew(["libsodium"])]
        ),
        .target(name: "CTraceHash"),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(
            name: "CQREncode",
            pkgConfig: "libqrencode",
            providers: [.apt(["libqrencode-dev"]), .brew(["qrencode"])]
        ),
        .systemLibrary(
            name: "CTurboJPEG",
            pkgConfig: "libturbojpeg",
            providers: [.apt(["libturbojpeg0-dev"]), .brew(["jpeg-turbo"])]
        ),

        // Floor 1: what a proof is; what an identifier is; what a picture shows.
        .target(name: "TraceProof", dependencies: ["CTraceHash"], swiftSettings: strict),
        .target(name: "GS1", swiftSettings: strict),
        .target(
            name: "QRReader",
            swiftSettings: strict,
            // Square roots, for a program that links nothing else.
            linkerSettings: [.linkedLibrary("m", .when(platforms: [.linux]))]
        ),

        // Floor 2: keys; events; labels, for the command line only.
        .target(name: "TraceSigning", dependencies: ["TraceProof", "CSodium"], swiftSettings: strict),
        .target(name: "EPCIS", dependencies: ["GS1", "TraceProof"], swiftSettings: strict),
        .target(name: "EPCISJSON", dependencies: ["EPCIS", "GS1", "TraceProof"], swiftSettings: strict),
        .target(
            name: "TraceLabels",
            dependencies: ["QRReader", "CQREncode", "CTurboJPEG", "CZlib"],
            swiftSettings: strict
        ),

        // Floor 3 and 4: signed events; verdicts.
        .target(name: "TraceStatements", dependencies: ["EPCIS", "GS1", "TraceProof"], swiftSettings: strict),
        .target(
            name: "TraceVerification",
            dependencies: ["TraceStatements", "GS1", "TraceProof"],
            swiftSettings: strict
        ),

        // Floor 5: the engine.
        .target(
            name: "TraceLedger",
            dependencies: ["TraceVerification", "TraceStatements", "TraceProof"],
            swiftSettings: strict
        ),

        // Floor 6: replication as state machines; the index and its queries.
        .target(
            name: "TraceReplication",
            dependencies: ["TraceLedger", "TraceVerification", "TraceStatements", "TraceProof"],
            swiftSettings: strict
        ),
        .target(
            name: "TraceQuery",
            dependencies: [
                "TraceLedger", "TraceVerification", "TraceStatements", "EPCIS", "EPCISJSON", "GS1", "TraceProof",
                .product(name: "GRDB", package: "GRDB.swift", condition: programs),
            ],
            swiftSettings: strict
        ),

        // Floor 7: the node.
        .target(
            name: "TraceNode",
            dependencies: [
                "TraceReplication", "TraceQuery", "TraceLedger", "TraceVerification", "TraceStatements", "TraceSigning",
                "EPCIS", "EPCISJSON", "GS1", "TraceProof", "CZlib",
                .product(name: "Hummingbird", package: "hummingbird", condition: programs),
                .product(name: "HummingbirdCore", package: "hummingbird", condition: programs),
                .product(name: "HummingbirdTLS", package: "hummingbird", condition: programs),
                .product(name: "Logging", package: "swift-log", condition: programs),
                .product(name: "Metrics", package: "swift-metrics", condition: programs),
                .product(name: "Mustache", package: "swift-mustache", condition: programs),
                .product(name: "NIOCore", package: "swift-nio", condition: programs),
                .product(name: "NIOHTTP1", package: "swift-nio", condition: programs),
                .product(name: "NIOHTTPCompression", package: "swift-nio-extras", condition: programs),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras", condition: programs),
                .product(name: "NIOPosix", package: "swift-nio", condition: programs),
                .product(name: "NIOSSL", package: "swift-nio-ssl", condition: programs),
                .product(name: "NIOTLS", package: "swift-nio", condition: programs),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle", condition: programs),
                .product(name: "UnixSignals", package: "swift-service-lifecycle", condition: programs),
                .product(name: "Yams", package: "Yams", condition: programs),
            ],
            swiftSettings: strict
        ),

        // Floor 8: programs.
        .executableTarget(
            name: "traceledger",
            dependencies: [
                "TraceLedger", "TraceVerification", "TraceStatements", "TraceSigning", "TraceProof",
                "EPCIS", "EPCISJSON", "GS1", "TraceLabels", "QRReader",
                .product(name: "ArgumentParser", package: "swift-argument-parser", condition: programs),
            ],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "tracenode",
            dependencies: [
                "TraceNode",
                .product(name: "ArgumentParser", package: "swift-argument-parser", condition: programs),
            ],
            swiftSettings: strict
        ),
        // scripts/wasm-build compiles it and its closure for the browser; natively it only has to compile.
        .target(
            name: "TraceVerificationWasm",
            dependencies: ["TraceVerification", "TraceStatements", "EPCIS", "GS1", "QRReader", "TraceProof"],
            swiftSettings: strict
        ),

        // Tests mirror Sources; TestSupport finds the public vectors and prints the seeds.
        .target(name: "TestSupport", dependencies: ["TraceProof"], path: "Tests/TestSupport", swiftSettings: strict),
        .testTarget(
            name: "TraceProofTests",
            dependencies: ["TraceProof", "CTraceHash", "CSodium", "TestSupport"],
            swiftSettings: strict
        ),
        .testTarget(name: "GS1Tests", dependencies: ["GS1", "TestSupport"], swiftSettings: strict),
        .testTarget(
            name: "QRReaderTests",
            dependencies: ["QRReader", "TraceLabels", "TestSupport"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "TraceLabelsTests",
            dependencies: ["TraceLabels", "QRReader", "CTurboJPEG", "TestSupport"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "TraceSigningTests",
            dependencies: ["TraceSigning", "TraceProof", "TestSupport"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "EPCISTests",
            dependencies: ["EPCIS", "EPCISJSON", "GS1", "TraceProof", "TestSupport"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "TraceStatementsTests",
            dependencies: [
                "TraceStatements", "TraceSigning", "EPCIS", "EPCISJSON", "GS1", "TraceProof", "TestSupport",
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "TraceVerificationTests",
            dependencies: [
                "TraceVerification", "TraceStatements", "TraceSigning", "EPCIS", "GS1", "TraceProof", "TestSupport",
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "TraceLedgerTests",
            dependencies: [
                "TraceLedger", "TraceVerification", "TraceStatements", "TraceSigning", "EPCIS", "GS1", "TraceProof",
                "TestSupport",
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "TraceReplicationTests",
            dependencies: [
                "TraceReplication", "TraceLedger", "TraceVerification", "TraceStatements", "TraceSigning", "TraceProof",
                "TestSupport",
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "TraceQueryTests",
            dependencies: [
                "TraceQuery", "TraceLedger", "TraceStatements", "TraceSigning", "EPCIS", "EPCISJSON", "GS1",
                "TraceProof", "TestSupport",
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "TraceNodeTests",
            dependencies: [
                "TraceNode", "TraceReplication", "TraceLedger", "TraceStatements", "TraceSigning", "EPCISJSON",
                "TraceProof", "TestSupport",
                .product(name: "Logging", package: "swift-log", condition: programs),
                .product(name: "Metrics", package: "swift-metrics", condition: programs),
                .product(name: "MetricsTestKit", package: "swift-metrics", condition: programs),
                .product(name: "NIOCore", package: "swift-nio", condition: programs),
                .product(name: "NIOHTTP1", package: "swift-nio", condition: programs),
                .product(name: "NIOPosix", package: "swift-nio", condition: programs),
                .product(name: "NIOSSL", package: "swift-nio-ssl", condition: programs),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle", condition: programs),
                .product(name: "UnixSignals", package: "swift-service-lifecycle", condition: programs),
            ],
            swiftSettings: strict
        ),
        // Holds Package.swift and Sources to the floors of Docs/Architecture.md.
        .testTarget(name: "ArchitectureTests", dependencies: ["TestSupport"], swiftSettings: strict),
    ],
    swiftLanguageModes: [.v6]
)

// The engine, replication and their tests alone, for builds of their own: under a sanitizer (scripts/sanitize), or to run on and on
// (scripts/torture).
if Context.environment["TRACE_ENGINE_ONLY"] != nil {
    let engine: Set = [
        "CSodium", "CTraceHash", "TraceProof", "GS1", "TraceSigning", "EPCIS", "TraceStatements", "TraceVerification",
        "TraceLedger", "TraceReplication", "TestSupport", "TraceLedgerTests", "TraceReplicationTests",
    ]
    package.targets.removeAll { !engine.contains($0.name) }
    package.products = []
    package.dependencies = []
}
