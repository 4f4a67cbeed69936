import QRReader
import TraceLabels

/// Pictures, and what is read in them.
let pictureTargets: [FuzzTarget] = [
    FuzzTarget(name: "QRPicture") { input in
        // The first byte is the width; then a pixel a bit.
        guard let first = input.first else { return }
        let width = Int(first) + 1
        let height = (input.count - 1) * 8 / width
        let pixels = (0..<width * height).map { input[1 + $0 / 8] << UInt8($0 % 8) & 0x80 == 0 ? UInt8(20) : 230 }
        read(GreyImage(width: width, height: height, pixels: pixels))
    },
    FuzzTarget(name: "QRModules") { input in
        // The first byte is the version, 1 to 8; then a module a bit, seen three pixels wide, with finder patterns drawn over them.
        guard let first = input.first else { return }
        let (modules, quiet) = (21 + 4 * Int(first % 8), 4)
        let side = (modules + 2 * quiet) * 3
        let pixels = (0..<side * side).map { index -> UInt8 in
            let (x, y) = (index % side / 3 - quiet, index / side / 3 - quiet)
            guard (0..<modules).contains(x), (0..<modules).contains(y) else { return 255 }
            if let isDark = finder(x, y, modules) { return isDark ? 0 : 255 }
            let bit = y * modules + x
            return 1 + bit / 8 < input.count && input[1 + bit / 8] << UInt8(bit % 8) & 0x80 != 0 ? 0 : 255
        }
        read(GreyImage(width: side, height: side, pixels: pixels))
    },
    FuzzTarget(name: "PNG") { input in
        // What the fuzzer changes would end at the checksums.
        guard let image = try? GreyImage(file: withChecksums(input)) else { return }
        if image.pixels.count != image.width * image.height { finding("a picture without some of its pixels") }
    },
    FuzzTarget(name: "JPEG") { input in
        guard let image = try? GreyImage(file: input) else { return }
        if image.pixels.count != image.width * image.height { finding("a picture without some of its pixels") }
    },
]

private func read(_ image: GreyImage?) {
    guard let image else { return }
    for code in QRReader.read(image) {
        if code.bytes.isEmpty || code.corners.count != 4 { finding("a code that says nothing, or is nowhere") }
        _ = code.text
    }
}

/// The module of a finder pattern or its separator; `nil` elsewhere.
private func finder(_ x: Int, _ y: Int, _ modules: Int) -> Bool? {
    for (left, top) in [(0, 0), (modules - 7, 0), (0, modules - 7)] {
        let ring = max(abs(x - left - 3), abs(y - top - 3))
        if ring <= 4 { return ring != 2 && ring != 4 }
    }
    return nil
}

/// A PNG whose chunks have the checksums that belong to them.
private func withChecksums(_ input: [UInt8]) -> [UInt8] {
    var bytes = input
    var start = 8
    while start + 12 <= bytes.count {
        let length = bytes[start..<start + 4].reduce(0) { $0 << 8 | Int($1) }
        guard length <= bytes.count - start - 12 else { break }
        let end = start + 8 + length
        let sum = bytes[start + 4..<end].reduce(~UInt32(0)) { sum, byte in
            (0..<8).reduce(sum ^ UInt32(byte)) { rest, _ in rest >> 1 ^ (rest & 1 == 1 ? 0xEDB8_8320 : 0) }
        }
        for index in 0..<4 { bytes[end + index] = UInt8(~sum >> UInt32(24 - 8 * index) & 0xFF) }
        start = end + 4
    }
    return bytes
}
