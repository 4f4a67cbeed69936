internal import QRReader
internal import TraceProof

/// Finds the QR codes in a picture. In: width, height, one byte of brightness a pixel, row by row. Out: the text of each code.
@c(tv_read_codes)
public func readCodes(_ input: UnsafeMutablePointer<UInt8>, _ count: Int) -> UnsafeMutablePointer<UInt8> {
    unsafe answer(input, count) { (fields, output) throws(FormatError) in
        let (width, height) = (try fields.nextNumber(), try fields.nextNumber())
        let pixels = try fields.next()
        try fields.finish()
        guard let image = GreyImage(width: Int(clamping: width), height: Int(clamping: height), pixels: pixels) else {
            throw FormatError("picture", at: .whole, "\(pixels.count) bytes are no picture of \(width) by \(height)")
        }
        for code in QRReader.read(image) { output.append(code.text) }
    }
}
