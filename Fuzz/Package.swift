// swift-tools-version: 6.2
import PackageDescription

// One program holds every fuzz target, so that the decoders are built once: TRACE_FUZZ names the one that libFuzzer
// drives. Without -DFUZZING the same program replays files. scripts/fuzz knows the flags.
let package = Package(
    name: "fuzz",
    platforms: [.macOS("26.0")],
    dependencies: [.package(name: "traceledger", path: "..", traits: [])],
    targets: [
        .executableTarget(
            name: "Fuzz",
            dependencies: [
                .product(name: "TraceLedger", package: "traceledger"),
                .product(name: "TraceReplication", package: "traceledger"),
                .product(name: "TraceVerification", package: "traceledger"),
                .product(name: "TraceSigning", package: "traceledger"),
                .product(name: "TraceProof", package: "traceledger"),
                .product(name: "EPCIS", package: "traceledger"),
                .product(name: "GS1", package: "traceledger"),
                .product(name: "QRReader", package: "traceledger"),
                .product(name: "TraceLabels", package: "traceledger"),
            ]
        )
    ],
    swiftLanguageModes: [.v6]
)
