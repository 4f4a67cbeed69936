/// What a check came to: never a boolean, most severe first (formats.md section 8).
public enum Verdict: Int, Hashable, Sendable, CaseIterable, Comparable {
    /// A signature or a proof in the evidence is wrong.
    case forged
    /// A key that nobody vouched for, or a key that is missing.
    case unknownKey
    /// The key was revoked or retired before.
    case keyRevoked
    /// Not in the ledger that would have it.
    case notInLedger
    /// A recall covers it.
    case recalled
    /// Its expiry date is past.
    case expired
    /// Its hidden code was used before.
    case alreadyActivated
    /// The holder of the key said so; no ledger was consulted.
    case issued
    /// The holder of the key said so, and a ledger has it for good.
    case issuedAndLogged
    /// And whoever packed it knew the secret under the seal.
    case secretMatches

    /// Whether `left` is the more severe one.
    public static func < (left: Verdict, right: Verdict) -> Bool { left.rawValue < right.rawValue }

    /// The name in scripts and JSON.
    public var name: String {
        switch self {
        case .forged: "forged"
        case .unknownKey: "unknownKey"
        case .keyRevoked: "keyRevoked"
        case .notInLedger: "notInLedger"
        case .recalled: "recalled"
        case .expired: "expired"
        case .alreadyActivated: "alreadyActivated"
        case .issued: "issued"
        case .issuedAndLogged: "issuedAndLogged"
        case .secretMatches: "secretMatches"
        }
    }

    /// The exit code of `traceledger verify` (cli.md): 0 verified, 1 found to be wrong, 2 a key or an input is missing.
    public var exitCode: Int {
        switch self {
        case .issued, .issuedAndLogged, .secretMatches: 0
        case .unknownKey: 2
        default: 1
        }
    }
}

extension Verdict {
    /// One sentence in two languages.
    public struct Sentence: Hashable, Sendable {
        /// In English.
        public let english: String
        /// In Chinese.
        public let chinese: String
    }

    /// What this verdict proves, and what it does not.
    public var meaning: Sentence {
        switch self {
        case .forged:
            Sentence(
                english: "A signature or a proof does not match: this was altered, or not made by the key it names.",
                chinese: "签名或证明不相符：内容被改动过，或者不是由所称的密钥签发的。"
            )
        case .unknownKey:
            Sentence(
                english: "Nobody you trust vouches for the key: nothing is proven, neither right nor wrong.",
                chinese: "没有您信任的一方为该密钥担保：既不能证明真，也不能证明假。"
            )
        case .keyRevoked:
            Sentence(
                english: "The key was withdrawn before this can be shown to have existed.",
                chinese: "在能够证明此记录已存在之前，该密钥已被撤销。"
            )
        case .notInLedger:
            Sentence(
                english: "The ledger that should hold this does not, as of the checkpoint shown.",
                chinese: "截至所示检查点，应当登记此记录的账本中没有它。"
            )
        case .recalled:
            Sentence(
                english: "Genuinely issued, and recalled: do not use it.",
                chinese: "确为该企业签发，但已被召回：请勿使用。"
            )
        case .expired:
            Sentence(
                english: "Genuinely issued, and past its expiry date.",
                chinese: "确为该企业签发，但已过保质期。"
            )
        case .alreadyActivated:
            Sentence(
                english: "The hidden code was used before: if you were not the one who opened it, be careful.",
                chinese: "隐藏码此前已被使用：如果不是您本人开启，请谨慎。"
            )
        case .issued:
            Sentence(
                english: "The holder of this key signed exactly this. It does not prove that the thing in your hand is "
                    + "that product, nor that the event really happened: a code can be photographed.",
                chinese: "该密钥的持有者确实签署了这些内容。这不证明您手中的物品就是该产品，也不证明事件真实发生：编码可以被拍照复制。"
            )
        case .issuedAndLogged:
            Sentence(
                english:
                    "The holder of this key signed exactly this, and the ledger signed a tree that holds it: it cannot "
                    + "be changed or taken back unnoticed. It does not prove that the thing in your hand is that product, "
                    + "nor that the event really happened: a code can be photographed.",
                chinese: "该密钥的持有者确实签署了这些内容，账本也签署了包含此记录的树：若被更改或撤回，必被察觉。这不证明您手中的物品就是该产品，也不证明事件真实发生：编码可以被拍照复制。"
            )
        case .secretMatches:
            Sentence(
                english: "Whoever packed this knew the secret that was sealed at production. Whether you are the first "
                    + "to reveal it is known only as of the last synchronisation.",
                chinese: "包装者知道生产时封存的秘密。您是否首次揭开，只能以最近一次同步为准。"
            )
        }
    }
}
