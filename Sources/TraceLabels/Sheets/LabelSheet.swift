/// A PDF of labels, written while they come: it holds one page and where each object began.
///
/// The same labels give the same bytes: no date and no random identifier is in the file.
public struct LabelSheet {
    private let layout: LabelLayout
    private var file: PDFFile
    private var page: [UInt8] = []
    private var labelsOnPage = 0
    /// Labels so far.
    public private(set) var count = 0

    /// Begins the file.
    ///
    /// - Parameters:
    ///   - layout: Paper, grid, module width and font.
    ///   - title: What a viewer shows as the file's name.
    ///   - write: Takes the next bytes of the file; what it throws comes out of the functions below.
    public init(_ layout: LabelLayout, title: String, write: @escaping ([UInt8]) throws -> Void) {
        self.layout = layout
        file = PDFFile(title: title, write: write)
    }

    /// Adds a label behind the last one.
    ///
    /// - Throws: ``LabelError`` when it has not enough room, and what the sink throws.
    public mutating func add(_ label: Label) throws {
        let drawing: LabelDrawing
        do throws(LabelError) { drawing = try LabelDrawing(label, in: layout) } catch {
            throw LabelError("label \(count + 1)", error.reason)
        }
        page += drawing.operators(index: labelsOnPage)
        labelsOnPage += 1
        count += 1
        if labelsOnPage == layout.labelsPerPage { try endPage() }
    }

    /// Ends the file. Without it, a reader has to repair what was written.
    ///
    /// - Throws: ``LabelError`` when there was no label, and what the sink throws.
    public mutating func finish() throws {
        guard count > 0 else { throw LabelError("labels", "there is no label to print") }
        if labelsOnPage > 0 { try endPage() }
        try file.finish()
    }

    private mutating func endPage() throws {
        try file.addPage(
            width: layout.pageWidth * LabelDrawing.points,
            height: layout.pageHeight * LabelDrawing.points,
            content: page
        )
        page.removeAll(keepingCapacity: true)
        labelsOnPage = 0
    }
}
