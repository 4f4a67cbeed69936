#if canImport(Darwin)
internal import Darwin
#else
internal import Glibc
#endif

/// The system calls that the engine makes, and the seam at which tests let them fail (engine.md, "Tests that decide it").
///
/// Each does what the call of its name does, once: short writes and EINTR are the caller's, which is ``Descriptor``.
protocol FileSystem: Sendable {
    func open(_ path: String, _ flags: Int32, mode: mode_t) throws(SystemError) -> Int32
    func close(_ file: Int32)
    func read(_ file: Int32, into bytes: UnsafeMutableRawBufferPointer, at offset: Int) throws(SystemError) -> Int
    func write(_ file: Int32, _ bytes: UnsafeRawBufferPointer, at offset: Int) throws(SystemError) -> Int
    func length(_ file: Int32) throws(SystemError) -> Int
    func truncate(_ file: Int32, to length: Int) throws(SystemError)
    /// Data and metadata are on the device when this returns.
    func synchronize(_ file: Int32) throws(SystemError)
    /// The data, and of the metadata what reading it back needs, are on the device when this returns.
    func synchronizeData(_ file: Int32) throws(SystemError)
    /// Everything that was written to the file system of an open directory is on the device when this returns; false, and
    /// nothing happened, where there is no such call.
    func synchronizeAll(_ directory: Int32) throws(SystemError) -> Bool
    /// Asks for the write-back to begin, and promises nothing: many files are synchronized faster one after the other when
    /// all are on their way.
    func beginWriteback(_ file: Int32)
    /// Takes the advisory lock of the whole file, or fails at once.
    func lock(_ file: Int32) throws(SystemError)
    /// Lets go of the lock, for whoever else has the same open file too: a child between fork and exec has one.
    func unlock(_ file: Int32)
    func rename(_ old: String, to new: String) throws(SystemError)
    func remove(_ path: String) throws(SystemError)
    func makeDirectory(_ path: String, mode: mode_t) throws(SystemError)
    func removeDirectory(_ path: String) throws(SystemError)
    /// The names in a directory but `.` and `..`, in any order.
    func list(_ path: String) throws(SystemError) -> [String]
    func exists(_ path: String) -> Bool
    /// The bytes of a whole file that never changes; `nil` where there is none, or it is empty.
    func map(_ path: String) throws(SystemError) -> MappedFile?
}

/// What a system call failed with.
struct SystemError: Error, Equatable, Sendable {
    let code: Int32

    init(_ code: Int32) { self.code = code }

    /// The failure of the call that just returned.
    static var last: SystemError { SystemError(errno) }
}
