import Foundation

/// One decoder under test.
struct FuzzTarget: Sendable {
    /// The name that `scripts/fuzz` and `Fuzz/Corpora` use.
    let name: String
    /// Feeds one input to the decoder. A refusal is fine; a trap, or an accepted input that does not come out of the
    /// encoder again byte for byte, is a finding.
    let run: @Sendable ([UInt8]) -> Void
}

/// Stops the process, which the fuzzer records with the input that led here.
func finding(_ what: String) -> Never {
    FileHandle.standardError.write(Data("finding: \(what)\n".utf8))
    abort()
}

/// Runs `decode`; where it accepts the input, what it encodes again must be the input.
func roundTrip(_ input: [UInt8], _ format: String, _ decodeAndEncode: ([UInt8]) throws -> [UInt8]) {
    guard let output = try? decodeAndEncode(input) else { return }
    if output != input { finding("\(format) accepted a form that it does not write") }
}

#if FUZZING
private let target: FuzzTarget = {
    let name = ProcessInfo.processInfo.environment["TRACE_FUZZ"] ?? ""
    guard let target = targets.first(where: { $0.name == name }) else {
        finding("TRACE_FUZZ is '\(name)', not one of \(targets.map(\.name))")
    }
    return target
}()

/// libFuzzer's entry point.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    target.run([UInt8](UnsafeBufferPointer(start: bytes, count: count)))
    return 0
}
#else
/// `Fuzz` lists the targets; `Fuzz TARGET FILE...` replays files.
@main
enum Replay {
    static func main() throws {
        let arguments = CommandLine.arguments.dropFirst()
        guard let name = arguments.first else { return print(targets.map(\.name).joined(separator: "\n")) }
        guard let target = targets.first(where: { $0.name == name }) else { finding("no target is called \(name)") }
        for path in arguments.dropFirst() {
            target.run([UInt8](try Data(contentsOf: URL(filePath: path))))
        }
    }
}
#endif
