import ArgumentParser
import Foundation
import TraceSigning

/// `item shred`.
struct ItemShredCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "shred",
        abstract: "Overwrite and remove files of seeds.",
        discussion: """
            The bytes are overwritten with random ones, brought to the disk, and the file is removed. On flash storage, \
            file systems that copy on write or keep a journal of data, and in backups and snapshots, older copies of them may \
            live on: only an encrypted disk whose key is destroyed takes them along.

            Example:
              traceledger item shred seeds.csv
            """
    )

    @Argument(help: ArgumentHelp("Files of `item seeds`.", valueName: "seeds.csv")) var files: [String]

    func run() throws {
        // Nothing is destroyed unless every name is that of seeds.
        for path in files { try ItemShredCommand.check(path) }
        for path in files { try ItemShredCommand.shred(path) }
        Console.note(
            "overwritten and removed; on flash storage, on file systems that copy on write, in backups and snapshots older copies "
                + "may live on: that can be told only of an encrypted disk whose key is destroyed"
        )
    }

    private static func check(_ path: String) throws {
        var status = stat()
        guard unsafe lstat(path, &status) == 0 else { throw CommandFailure(.usage, "\(path): there is no such file") }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw CommandFailure(.usage, "\(path): no plain file; a link is left alone, name the file itself")
        }
        guard let handle = FileHandle(forReadingAtPath: path) else {
            throw CommandFailure(.unavailable, "\(path): it cannot be opened; check its permissions")
        }
        let head = Array(try handle.read(upToCount: 4096) ?? Data())
        guard SeedsFile.isOne(head) else {
            throw CommandFailure(.usage, "\(path): this is no file of `item seeds`, and nothing else is destroyed")
        }
        if status.st_nlink > 1 { Console.warning("\(path): it has \(status.st_nlink - 1) other names, which stay and then hold random bytes") }
    }

    private static func shred(_ path: String) throws {
        do {
            guard let handle = FileHandle(forUpdatingAtPath: path) else {
                throw CommandFailure(.unavailable, "\(path): it cannot be written; check its permissions")
            }
            let end = try handle.seekToEnd()
            try handle.seek(toOffset: 0)
            var left = end
            while left > 0 {
                let count = min(left, 1 << 20)
                try handle.write(contentsOf: Data(RandomBytes.make(Int(count))))
                left -= count
            }
            try handle.synchronize()
            try handle.close()
            try FileManager.default.removeItem(atPath: path)
            try SecretFile.syncDirectory(of: path)
        } catch {
            let failure = CommandFailure(error)
            throw failure.message.hasPrefix(path)
                ? failure : CommandFailure(.unavailable, "\(path): it was not destroyed: \(error.localizedDescription)")
        }
    }
}
