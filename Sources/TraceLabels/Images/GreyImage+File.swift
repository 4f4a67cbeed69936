public import QRReader

extension GreyImage {
    /// The most pixels that a file may have.
    static let maximumFilePixels = 1 << 26

    /// The picture in a PNG or JPEG file, in grey. One that has more than ``maximumSide`` pixels a side is made smaller.
    ///
    /// - Throws: ``LabelError``, with the format, the place where it is known, and what is wrong.
    public init(file bytes: [UInt8]) throws(LabelError) {
        if bytes.starts(with: PNGWriter.signature) {
            self = try PNGReader.decode(bytes)
        } else if bytes.starts(with: [0xFF, 0xD8, 0xFF]) {
            self = try JPEGReader.decode(bytes)
        } else {
            throw LabelError("picture", "this is neither a PNG nor a JPEG file; save the picture as one of them")
        }
    }

    /// Refuses sides that make no picture, or a larger one than is read.
    static func checkSize(_ width: Int, _ height: Int, of format: String) throws(LabelError) {
        guard width > 0, height > 0 else { throw LabelError(format, "the picture has no pixels") }
        let (pixels, isTooLarge) = width.multipliedReportingOverflow(by: height)
        guard !isTooLarge, pixels <= maximumFilePixels else {
            throw LabelError(
                format,
                "\(width) x \(height) pixels are more than 64 megapixels; make the picture smaller"
            )
        }
    }
}
