import Foundation

/// Where stamps go: standard output, or a file that grows by whole lines and can be gone on with.
struct StampSink {
    private let name: String
    private let handle: FileHandle
    private let form: StampPress.Form
    /// How long the whole lines of an earlier run are, and how far they were read.
    private let standingEnd: UInt64
    private var read: UInt64 = 0
    private var end: UInt64 = 0
    private var buffer: [UInt8] = []
    private var isFile = false
    private var isNew = false
    private var isBegun = false
    private let header: [UInt8]
    /// Codes so far, those of an earlier run among them.
    private(set) var count = 0
    private var isFirst = true

    /// Opens the output.
    ///
    /// - Throws: `CommandFailure` where a file is there already and is not to be gone on with, or has another header.
    init(_ path: String?, _ press: StampPress, isResumed: Bool) throws {
        (form, header) = (press.form, press.header)
        guard let path, path != "-" else {
            (name, handle, standingEnd) = ("standard output", .standardOutput, 0)
            return
        }
        name = path
        let type = try? FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType
        if type == nil {
            // Codes are no secret: the printer's user reads them.
            guard FileManager.default.createFile(atPath: path, contents: nil) else {
                throw CommandFailure(.unavailable, "\(path): it cannot be created")
            }
        } else if type == .typeRegular, !isResumed {
            throw CommandFailure(
                .usage,
                "\(path): it is there already; --resume goes on with it, or name another file with -o"
            )
        }
        guard let opened = FileHandle(forUpdatingAtPath: path) else {
            throw CommandFailure(.unavailable, "\(path): it cannot be written; check its permissions")
        }
        (handle, isNew, isFile) = (opened, type == nil, type == nil || type == .typeRegular)
        standingEnd = isFile && isResumed ? try StampSink.endOfLines(opened) : 0
        if standingEnd > 0 {
            guard try Array(opened.read(upToCount: header.count) ?? Data()) == header else {
                throw CommandFailure(.usage, "\(path): its header is not that of this input")
            }
            read = UInt64(header.count)
        }
        end = standingEnd
        isBegun = standingEnd > 0
    }

    /// The place behind the last line end.
    private static func endOfLines(_ handle: FileHandle) throws -> UInt64 {
        var end = try handle.seekToEnd()
        defer { try? handle.seek(toOffset: 0) }
        while end > 0 {
            let start = end > 4096 ? end - 4096 : 0
            try handle.seek(toOffset: start)
            let bytes = Array(try handle.read(upToCount: Int(end - start)) ?? Data())
            if let last = bytes.lastIndex(of: 0x0A) { return start + UInt64(last) + 1 }
            end = start
        }
        return 0
    }

    /// The next lines of an earlier run, at most so many.
    mutating func standing(_ most: Int) throws -> [UInt8] {
        var lines: [UInt8] = []
        var found = 0
        while found < most, !buffer.isEmpty || read < standingEnd {
            if let lineEnd = buffer.firstIndex(of: 0x0A) {
                lines += buffer[...lineEnd]
                buffer.removeFirst(lineEnd + 1)
                found += 1
            } else {
                try handle.seek(toOffset: read)
                let chunk = try handle.read(upToCount: Int(min(1 << 16, standingEnd - read))) ?? Data()
                guard !chunk.isEmpty else { break }
                read += UInt64(chunk.count)
                buffer += chunk
            }
        }
        return lines
    }

    /// Writes what became of a piece; the first failure ends everything behind it.
    mutating func write(_ pressed: StampPress.Pressed) throws {
        count += pressed.count
        try append(pressed.bytes)
        guard let failure = pressed.failure else { return }
        if count == 0, isNew { try? FileManager.default.removeItem(atPath: name) } else { try close() }
        let before = count == 1 ? "the code before it is written" : "the \(count) codes before it are written"
        throw count == 0 ? failure : CommandFailure(failure.status, "\(failure.message); \(before)")
    }

    private mutating func append(_ bytes: [UInt8]) throws {
        guard !bytes.isEmpty else { return }
        var bytes = bytes
        if form == .json {
            bytes = (isBegun ? StampPress.separator : Array("[\n".utf8)) + bytes
        } else if !isBegun {
            bytes = header + bytes
        }
        isBegun = true
        try write(bytes)
    }

    private mutating func write(_ bytes: [UInt8]) throws {
        do {
            if isFile {
                if isFirst { try handle.truncate(atOffset: end) }
                try handle.seek(toOffset: end)
            }
            try handle.write(contentsOf: Data(bytes))
            end += UInt64(bytes.count)
            isFirst = false
        } catch { throw CommandFailure(.unavailable, "\(name): it cannot be written: \(error.localizedDescription)") }
    }

    private mutating func close() throws {
        if form == .json { try write(Array((isBegun ? "\n]\n" : "[]\n").utf8)) }
        if isFile { try handle.synchronize() }
    }

    /// Ends the output, durable where it is a file.
    mutating func finish() throws {
        guard buffer.isEmpty, read >= standingEnd else {
            throw CommandFailure(.usage, "\(name): it has more codes than the input: it is of another one")
        }
        try close()
    }

    /// What is said at the end.
    func summary(_ time: Duration) -> String {
        let seconds = Double(time.components.seconds) + Double(time.components.attoseconds) / 1e18
        return "\(count) codes in \(String(format: "%.1f", seconds)) s"
    }
}
