import Synchronization
import TestSupport

@testable import TraceLedger

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// A disk in memory that does what a POSIX file system with fsync may do, and no better.
///
/// Data is volatile until its file is synchronized, names are until their directory is. Processes (``SimulatedProcess``) see
/// what the page cache has; ``cutPower(_:)`` leaves what the device may have.
final class SimulatedDisk: Sendable {
    /// The fault that struck: on which call, the disk right then, and how many checkpoints had been shown.
    struct Struck: Sendable {
        let fault: Fault
        let call: String
        let image: DiskImage
        let shown: Int
    }

    struct OpenFile {
        let node: Int
        let path: String
    }

    struct Process {
        var isAlive = true
        var files: [Int32: OpenFile] = [:]
        var nextFile: Int32 = 3
        var calls = 0
        var fault: Fault?
        var trace: [String] = []
    }

    struct State {
        var image: DiskImage
        var processes: [Process] = []
        /// The process and descriptor that hold the lock of a file.
        var locks: [Int: (process: Int, file: Int32)] = [:]
        var struck: Struck?
        /// Every content of the public checkpoint and of the kept ones that a reader could see.
        var shown: [[UInt8]] = []
        /// Called with the disk after each change that a reader can see.
        var watcher: (@Sendable (DiskImage, String, Int) -> Void)?
    }

    let state: Mutex<State>

    init(_ image: DiskImage = DiskImage()) { state = Mutex(State(image: image)) }

    /// What stands on the disk now, as processes see it.
    var image: DiskImage { state.withLock { $0.image } }
    var struck: Struck? { state.withLock { $0.struck } }
    var shown: [[UInt8]] { state.withLock { $0.shown } }

    func watch(_ watcher: (@Sendable (DiskImage, String, Int) -> Void)?) { state.withLock { $0.watcher = watcher } }

    /// A new process, perhaps with a fault before it.
    func process(_ fault: Fault? = nil) -> SimulatedProcess {
        state.withLock { state in
            state.processes.append(Process(fault: fault))
            return SimulatedProcess(disk: self, number: state.processes.count - 1)
        }
    }

    /// The power is cut: every process is gone, and so is whatever was not synchronized, as far as the seed says.
    func cutPower(_ seed: UInt64) { state.withLock { $0.cutPower(seed) } }
}

extension SimulatedDisk.State {
    mutating func kill(_ process: Int) {
        processes[process].isAlive = false
        processes[process].files = [:]
        locks = locks.filter { $0.value.process != process }
    }

    mutating func strike(_ fault: Fault, _ call: String) {
        struck = SimulatedDisk.Struck(fault: fault, call: call, image: image, shown: shown.count)
    }

    mutating func cutPower(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for process in processes.indices { kill(process) }
        image.cut(&random)
    }

    /// Keeps what readers may have seen from now on.
    mutating func noteVisible(_ path: String) {
        let names = path.split(separator: "/").suffix(2)
        guard let last = names.last, let folder = names.first, folder != "state" else { return }
        guard last == "checkpoint" || (folder == "checkpoints" && UInt64(last) != nil) else { return }
        guard let node = try? image.node(path), let bytes = try? image.bytes(node) else { return }
        if !shown.contains(bytes) { shown.append(bytes) }
    }
}
