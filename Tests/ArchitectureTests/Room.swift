/// One module and what it may know: the table of Docs/Architecture.md as a value. A change here is a change of the
/// architecture and comes with a change there.
struct Room {
    let name: String
    let floor: Int
    /// Modules of this package that it may import.
    let knows: Set<String>
    /// Modules of the system or of other packages that it may import.
    let uses: Set<String>

    init(_ name: String, floor: Int, knows: Set<String> = [], uses: Set<String> = []) {
        self.name = name
        self.floor = floor
        self.knows = knows
        self.uses = uses
    }
}

/// The C libraries of a POSIX system, under each of their Swift names.
private let posix: Set<String> = ["Glibc", "Musl", "Darwin"]

/// What the engine and its like may use of the platform; Foundation itself is heavy (Docs/Decisions/0004).
private let platform: Set<String> = posix.union(["Dispatch", "Synchronization", "FoundationEssentials"])

/// Every Swift module in Sources, from the ground up.
let rooms = [
    Room("TraceProof", floor: 1, knows: ["CTraceHash"]),
    Room("GS1", floor: 1),
    Room("QRReader", floor: 1),
    Room("TraceSigning", floor: 2, knows: ["TraceProof", "CSodium"], uses: posix.union(["Synchronization"])),
    Room("EPCIS", floor: 2, knows: ["GS1", "TraceProof"]),
    Room("EPCISJSON", floor: 2, knows: ["EPCIS", "GS1", "TraceProof"]),
    Room("TraceLabels", floor: 2, knows: ["QRReader", "CQREncode", "CTurboJPEG", "CZlib"]),
    Room("TraceStatements", floor: 3, knows: ["EPCIS", "GS1", "TraceProof"]),
    Room("TraceVerification", floor: 4, knows: ["TraceStatements", "EPCIS", "GS1", "TraceProof"]),
    Room(
        "TraceLedger",
        floor: 5,
        knows: ["TraceVerification", "TraceStatements", "EPCIS", "GS1", "QRReader", "TraceProof"],
        uses: platform
    ),
    Room(
        "TraceReplication",
        floor: 6,
        knows: ["TraceLedger", "TraceVerification", "TraceStatements", "EPCIS", "GS1", "TraceProof"]
    ),
    Room(
        "TraceQuery",
        floor: 6,
        knows: ["TraceLedger", "TraceVerification", "TraceStatements", "EPCIS", "EPCISJSON", "GS1", "TraceProof"],
        uses: platform.union(["GRDB"])
    ),
    Room(
        "TraceNode",
        floor: 7,
        knows: [
            "TraceReplication", "TraceQuery", "TraceLedger", "TraceVerification", "TraceStatements", "TraceSigning",
            "EPCIS", "EPCISJSON", "GS1", "TraceProof", "CZlib",
        ],
        uses: platform.union([
            "Foundation", "HTTPTypes", "Hummingbird", "HummingbirdCore", "HummingbirdTLS", "Logging", "Metrics",
            "Mustache",
            "NIOCore", "NIOHTTP1", "NIOHTTPCompression", "NIOHTTPTypes", "NIOPosix", "NIOSSL", "NIOTLS",
            "ServiceLifecycle", "UnixSignals", "Yams",
        ])
    ),
    Room(
        "traceledger",
        floor: 8,
        knows: [
            "TraceNode", "TraceReplication", "TraceQuery", "TraceLedger", "TraceVerification", "TraceStatements",
            "TraceSigning", "EPCIS", "EPCISJSON", "GS1", "TraceProof", "TraceLabels", "QRReader",
        ],
        uses: platform.union(["Foundation", "FoundationNetworking", "ArgumentParser"])
    ),
    Room("tracenode", floor: 8, knows: ["TraceNode"], uses: ["Foundation", "ArgumentParser"]),
    Room(
        "TraceVerificationWasm",
        floor: 8,
        knows: ["TraceVerification", "TraceStatements", "EPCIS", "GS1", "QRReader", "TraceProof"]
    ),
]

/// Modules that are C and hold no Swift: floor 0.
let ground: Set<String> = ["CTraceHash", "CSodium", "CZlib", "CQREncode", "CTurboJPEG"]
