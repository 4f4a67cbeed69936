internal import CTurboJPEG
internal import QRReader

/// Reads a JPEG file as grey, through TurboJPEG, whose errors are return codes.
enum JPEGReader {
    /// The picture in a file.
    static func decode(_ bytes: [UInt8]) throws(LabelError) -> GreyImage {
        guard let decoder = unsafe tjInitDecompress() else {
            throw LabelError("JPEG", "there is not enough memory to read it")
        }
        defer { unsafe _ = tjDestroy(decoder) }
        var (width, height, subsampling, colours): (CInt, CInt, CInt, CInt) = (0, 0, 0, 0)
        guard
            unsafe tjDecompressHeader3(
                decoder,
                bytes,
                UInt(bytes.count),
                &width,
                &height,
                &subsampling,
                &colours
            ) == 0
        else { throw unsafe failure(of: decoder) }
        try GreyImage.checkSize(Int(width), Int(height), of: "JPEG")
        let (scaledWidth, scaledHeight) = try scaled(Int(width), Int(height))
        var pixels = [UInt8](repeating: 0, count: scaledWidth * scaledHeight)
        // Strict: a file that is damaged, or has very many scans, would cost time without bound.
        let status = unsafe tjDecompress2(
            decoder,
            bytes,
            UInt(bytes.count),
            &pixels,
            CInt(scaledWidth),
            0,
            CInt(scaledHeight),
            CInt(TJPF_GRAY.rawValue),
            TJFLAG_STOPONWARNING | TJFLAG_LIMITSCANS
        )
        guard status == 0 else { throw unsafe failure(of: decoder) }
        guard let image = GreyImage(width: scaledWidth, height: scaledHeight, pixels: pixels) else {
            throw LabelError("JPEG", "the picture has no pixels")
        }
        return image
    }

    /// The largest size of eighths that a picture is read in.
    private static func scaled(_ width: Int, _ height: Int) throws(LabelError) -> (Int, Int) {
        for eighths in (1...8).reversed() {
            let (scaledWidth, scaledHeight) = ((width * eighths + 7) / 8, (height * eighths + 7) / 8)
            if max(scaledWidth, scaledHeight) <= GreyImage.maximumSide { return (scaledWidth, scaledHeight) }
        }
        throw LabelError("JPEG", "\(width) x \(height) pixels are too long a strip; cut out the code")
    }

    private static func failure(of decoder: tjhandle) -> LabelError {
        guard let text = unsafe tjGetErrorStr2(decoder) else { return LabelError("JPEG", "it cannot be read") }
        return LabelError("JPEG", "it cannot be read: \(unsafe String(cString: text))")
    }
}
