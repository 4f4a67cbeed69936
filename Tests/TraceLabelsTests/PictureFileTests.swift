import CTurboJPEG
import QRReader
import TestSupport
import Testing

@testable import TraceLabels

@Suite("Picture files")
struct PictureFileTests {
    /// A PNG out of rows that are filtered already.
    static func png(
        _ width: Int,
        _ height: Int,
        depth: UInt8,
        colour: UInt8,
        interlace: UInt8 = 0,
        before: [(String, [UInt8])] = [],
        rows: [UInt8],
        pieces: Int = 1
    ) throws -> [UInt8] {
        let header = word(width) + word(height) + [depth, colour, 0, 0, interlace]
        let data = try Deflate.compressed(rows)
        let size = max(1, (data.count + pieces - 1) / pieces)
        let body = stride(from: 0, to: data.count, by: size).flatMap {
            chunk("IDAT", Array(data[$0..<min(data.count, $0 + size)]))
        }
        return PNGWriter.signature + chunk("IHDR", header) + before.flatMap { chunk($0.0, $0.1) } + body
            + chunk("IEND", [])
    }

    static func word(_ value: Int) -> [UInt8] { [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) } }

    static func chunk(_ type: String, _ data: [UInt8]) -> [UInt8] {
        let body = Array(type.utf8) + data
        return word(data.count) + body + word(Int(PNGWriter.checksum(body)))
    }

    private func pixels(_ png: [UInt8]) throws -> [UInt8] { try GreyImage(file: png).pixels }

    @Test("Grey of every depth")
    func grey() throws {
        #expect(
            try pixels(Self.png(8, 1, depth: 1, colour: 0, rows: [0, 0b1010_0001])) == [255, 0, 255, 0, 0, 0, 0, 255]
        )
        #expect(try pixels(Self.png(3, 1, depth: 2, colour: 0, rows: [0, 0b0001_1011])) == [0, 85, 170])
        #expect(try pixels(Self.png(2, 1, depth: 4, colour: 0, rows: [0, 0x0F])) == [0, 255])
        #expect(try pixels(Self.png(2, 2, depth: 8, colour: 0, rows: [0, 1, 2, 0, 3, 4])) == [1, 2, 3, 4])
        #expect(try pixels(Self.png(2, 1, depth: 16, colour: 0, rows: [0, 0x12, 0x34, 0xFF, 0xFF])) == [0x12, 255])
    }

    @Test("Colours, palettes and transparency, which is white paper")
    func colours() throws {
        #expect(try pixels(Self.png(2, 1, depth: 8, colour: 2, rows: [0, 255, 0, 0, 255, 255, 255])) == [76, 255])
        #expect(try pixels(Self.png(1, 1, depth: 16, colour: 2, rows: [0, 0, 0, 255, 255, 0, 0])) == [149])
        #expect(try pixels(Self.png(3, 1, depth: 8, colour: 4, rows: [0, 0, 255, 0, 0, 100, 128])) == [0, 255, 177])
        #expect(try pixels(Self.png(2, 1, depth: 8, colour: 6, rows: [0, 0, 0, 0, 0, 9, 9, 9, 255])) == [255, 9])
        let palette: [UInt8] = [0, 0, 0, 255, 255, 255, 0, 0, 255]
        let before = [("PLTE", palette), ("tRNS", [0])]
        #expect(
            try pixels(Self.png(3, 1, depth: 2, colour: 3, before: before, rows: [0, 0b0001_1000])) == [255, 255, 28]
        )
        #expect(
            try pixels(Self.png(2, 1, depth: 8, colour: 0, before: [("tRNS", [0, 7])], rows: [0, 7, 8])) == [255, 8]
        )
    }

    @Test("Every filter, each row by another, in many chunks")
    func filters() throws {
        forAll(50) { generator in
            let (width, height) = (Int.random(in: 1...20, using: &generator), Int.random(in: 1...12, using: &generator))
            let (colour, channels): (UInt8, Int) =
                [(0, 1), (2, 3), (4, 2), (6, 4)].randomElement(using: &generator) ?? (0, 1)
            let rows = (0..<height).map { _ in generator.bytes(width * channels) }
            let plain = rows.flatMap { row in [UInt8(0)] + row }
            var filtered: [UInt8] = []
            for (y, row) in rows.enumerated() {
                let filter = UInt8.random(in: 0...4, using: &generator)
                filtered.append(filter)
                let above = y > 0 ? rows[y - 1] : [UInt8](repeating: 0, count: row.count)
                for x in row.indices {
                    let left = x >= channels ? Int(row[x - channels]) : 0
                    let corner = x >= channels ? Int(above[x - channels]) : 0
                    let up = Int(above[x])
                    let estimate = left + up - corner
                    let nearest = [left, up, corner].min { abs($0 - estimate) < abs($1 - estimate) } ?? 0
                    let predicted = [0, left, up, (left + up) / 2, nearest][Int(filter)]
                    filtered.append(row[x] &- UInt8(truncatingIfNeeded: predicted))
                }
            }
            let pieces = Int.random(in: 1...5, using: &generator)
            let expected = try pixels(Self.png(width, height, depth: 8, colour: colour, rows: plain))
            let found = try pixels(Self.png(width, height, depth: 8, colour: colour, rows: filtered, pieces: pieces))
            try check(found == expected, "a filter is undone wrongly")
        }
    }

    @Test("Larger than is searched: made smaller")
    func reduced() throws {
        let row = [UInt8(0)] + [UInt8](repeating: 200, count: 5000)
        let rows = row + row + row
        let image = try GreyImage(file: Self.png(5000, 3, depth: 8, colour: 0, rows: rows))
        #expect(image.width == 2500 && image.height == 1)
        #expect(image.pixels.allSatisfy { $0 == 200 })
        let strip = try GreyImage(file: Self.png(5000, 1, depth: 8, colour: 0, rows: Array(rows.prefix(5001))))
        #expect(strip.width == 2500 && strip.height == 1)
    }

    @Test("What is refused, and in which words")
    func refused() throws {
        func reason(_ bytes: [UInt8]) -> String {
            do throws(LabelError) {
                _ = try GreyImage(file: bytes)
                return "read"
            } catch { return "\(error)" }
        }
        let good = try Self.png(2, 2, depth: 8, colour: 0, rows: [0, 1, 2, 0, 3, 4])
        #expect(reason([]) == "picture: this is neither a PNG nor a JPEG file; save the picture as one of them")
        #expect(reason(Array(good.prefix(20))) == "PNG, byte 8: the file is cut off")
        var damaged = good
        damaged[20] ^= 1
        #expect(reason(damaged) == "PNG, byte 29: the checksum does not fit: the file is damaged")
        #expect(
            reason(try Self.png(2, 2, depth: 8, colour: 0, interlace: 1, rows: [0]))
                == "PNG, byte 28: interlaced pictures are not read; save it without interlacing"
        )
        #expect(
            reason(try Self.png(2, 2, depth: 3, colour: 0, rows: [0]))
                == "PNG, byte 24: colour type 0 with 3 bits does not exist"
        )
        #expect(
            reason(try Self.png(2, 2, depth: 8, colour: 0, rows: [0, 1, 2]))
                == "PNG, byte 41: rows of the picture are missing"
        )
        #expect(
            reason(try Self.png(2, 1, depth: 8, colour: 3, rows: [0, 1, 2])) == "PNG, byte 41: there is no palette"
        )
        #expect(
            reason(try Self.png(2, 1, depth: 8, colour: 0, rows: [5, 1, 2]))
                == "PNG, byte 41: there is an unknown filter"
        )
        #expect(reason(try Self.png(0, 1, depth: 8, colour: 0, rows: [0])) == "PNG: the picture has no pixels")
        #expect(
            reason(try Self.png(70_000, 70_000, depth: 8, colour: 0, rows: [0]))
                == "PNG: 70000 x 70000 pixels are more than 64 megapixels; make the picture smaller"
        )
        #expect(
            reason(try Self.png(2, 1, depth: 8, colour: 0, before: [("ABCD", [])], rows: [0, 1, 2]))
                == "PNG, byte 33: there is a chunk that does not belong here"
        )
        #expect(reason([0xFF, 0xD8, 0xFF, 0xE0]) == "JPEG: the picture has no pixels")
        #expect(reason([0xFF, 0xD8, 0xFF, 0xC0, 0, 1]).hasPrefix("JPEG: "))
    }

    @Test("JPEG, as cameras save it", arguments: [30, 60, 90])
    func jpeg(_ quality: Int) throws {
        let symbol = try QRSymbol("HTTPS://ID.EXAMPLE.CN/01/09506000134352/21/K7Q2M9X4T8WZ")
        let picture = try GreyImage(file: try symbol.picture(resolution: 300, moduleWidth: 0.396).png)
        let image = try GreyImage(file: try Self.jpeg(picture, quality: quality))
        #expect(image.width == picture.width && image.height == picture.height)
        #expect(QRReader.read(image).map(\.text) == ["HTTPS://ID.EXAMPLE.CN/01/09506000134352/21/K7Q2M9X4T8WZ"])
    }

    @Test("A large JPEG is read in eighths of its size")
    func largeJPEG() throws {
        let picture = try #require(GreyImage(width: 4096, height: 16, pixels: [UInt8](repeating: 90, count: 4096 * 16)))
        let bytes = try Self.jpeg(picture, quality: 80, doubled: true)
        let image = try GreyImage(file: bytes)
        #expect(image.width == 4096 && image.height == 16)
        #expect(image.pixels.allSatisfy { abs(Int($0) - 90) < 3 })
    }

    @Test("Mutated files never trap")
    func mutations() throws {
        let symbol = try QRSymbol("A")
        let png = try symbol.picture().png
        let jpeg = try Self.jpeg(try GreyImage(file: png), quality: 70)
        forAll(300) { generator in
            for file in [png, jpeg] {
                var bytes = file
                for _ in 0..<Int.random(in: 1...8, using: &generator) {
                    bytes[Int.random(in: 2..<bytes.count, using: &generator)] = UInt8.random(
                        in: .min ... .max,
                        using: &generator
                    )
                }
                _ = try? GreyImage(file: Array(bytes.prefix(Int.random(in: 4...bytes.count, using: &generator))))
            }
        }
    }

    /// By TurboJPEG's other half.
    static func jpeg(_ image: GreyImage, quality: Int, doubled: Bool = false) throws -> [UInt8] {
        var (width, height, pixels) = (image.width, image.height, image.pixels)
        if doubled {
            (width, height) = (2 * width, 2 * height)
            pixels = [UInt8](repeating: image.pixels[0], count: width * height)
        }
        let compressor = unsafe try #require(unsafe tjInitCompress())
        defer { unsafe _ = tjDestroy(compressor) }
        var buffer: UnsafeMutablePointer<UInt8>?
        var size: UInt = 0
        let status = unsafe tjCompress2(
            compressor,
            pixels,
            CInt(width),
            0,
            CInt(height),
            CInt(TJPF_GRAY.rawValue),
            &buffer,
            &size,
            CInt(TJSAMP_GRAY.rawValue),
            CInt(quality),
            0
        )
        defer { unsafe tjFree(buffer) }
        try #require(status == 0)
        return unsafe [UInt8](UnsafeBufferPointer(start: buffer, count: Int(size)))
    }
}
