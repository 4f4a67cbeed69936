import Foundation
import Synchronization
import TraceProof
import TraceSigning
import TraceVerification

/// A checker that remembers its answers, so that signatures can be checked on all processors before a verifier, which
/// takes one step after the other, asks about them.
///
/// An answer is found by all that was asked, never by its turn.
final class KnownSignatures: SignatureChecker {
    private let checker = SodiumSignatureChecker()
    private let known = Mutex<[SignatureQuestion: Bool]>([:])

    /// Checks these on as many processors as there are.
    func check(_ questions: [SignatureQuestion]) async {
        let width = max(1, ProcessInfo.processInfo.activeProcessorCount)
        let size = max(64, (questions.count + 4 * width - 1) / (4 * width))
        await withTaskGroup(of: Void.self) { group in
            for start in stride(from: 0, to: questions.count, by: size) {
                let part = questions[start..<min(start + size, questions.count)]
                group.addTask { self.remember(part) }
            }
        }
    }

    private func remember(_ questions: ArraySlice<SignatureQuestion>) {
        let answers = questions.map { ($0, checker.admits($0.signature, for: $0.message, by: $0.key)) }
        known.withLock { known in
            for (question, answer) in answers { known[question] = answer }
        }
    }

    func admits(_ signature: Signature, for message: [UInt8], by key: PublicKey) -> Bool {
        let question = SignatureQuestion(key: key, signature: signature, message: message)
        if let answer = known.withLock({ $0[question] }) { return answer }
        let answer = checker.admits(signature, for: message, by: key)
        known.withLock { $0[question] = answer }
        return answer
    }

    func isValid(_ signature: Signature, for message: [UInt8], by key: PublicKey) -> Bool {
        checker.isValid(signature, for: message, by: key)
    }

    func isValidPoint(_ bytes: [UInt8]) -> Bool { checker.isValidPoint(bytes) }
}
