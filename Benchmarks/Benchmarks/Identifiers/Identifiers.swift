import Benchmark
import Foundation
import GS1
import Measure

/// Identifiers in every spelling, beside Foundation splitting a Digital Link into its parts without knowing what they mean,
/// and writing it again.
let benchmarks: @Sendable () -> Void = {
    let splitting: Work = { for _ in 0..<$0 { blackHole(URLComponents(string: link)?.queryItems) } }

    compare("Digital Link, every value checked vs URLComponents", count: 200, baseline: splitting) {
        for _ in 0..<$0 { blackHole(try DigitalLink(parsing: link)) }
    }
    compare("Identifier from a Digital Link vs URLComponents", count: 200, baseline: splitting) {
        for _ in 0..<$0 { blackHole(Identifier(link)) }
    }
    compare("Identifier from an EPC URN vs URLComponents", count: 200, baseline: splitting) {
        for _ in 0..<$0 { blackHole(Identifier("urn:epc:id:sgtin:9506000.013435.ABC123")) }
    }
    compare("bracketed element string, every value checked vs URLComponents", count: 200, baseline: splitting) {
        for _ in 0..<$0 { blackHole(try ElementString(bracketed: "(01)09506000134352(10)ABC123(21)5(17)270101")) }
    }
    compare("scan data, every value checked vs URLComponents", count: 200, baseline: splitting) {
        for _ in 0..<$0 { blackHole(try ScanData("]d201095060001343521727010110ABC123\u{1D}215")) }
    }
    compare("EPC binary, SGTIN-96 vs URLComponents", count: 200, baseline: splitting) {
        for _ in 0..<$0 { blackHole(try EPCBinary(bytes: tag)) }
    }

    let parsed = try? DigitalLink(parsing: link)
    let components = URLComponents(string: link)
    compare("canonical Digital Link written vs URLComponents.string", count: 200) {
        for _ in 0..<$0 { blackHole(components?.string) }
    } subject: {
        for _ in 0..<$0 { blackHole(parsed?.canonical) }
    }
}

private let link = "https://id.gs1.org/01/09506000134352/10/ABC123/21/5?17=270101"
private let tag: [UInt8] = [0x30, 0x66, 0xC4, 0x40, 0x90, 0x47, 0xE1, 0x40, 0x07, 0x5B, 0xCD, 0x15]
