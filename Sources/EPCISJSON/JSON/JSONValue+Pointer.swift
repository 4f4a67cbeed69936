extension JSONValue {
    /// The value that a JSON pointer (RFC 6901) such as `/epcisBody/eventList/3/eventTime` names; `nil` where it names
    /// none. With ``JSONPosition/init(ofByte:in:)`` and the value's ``offset`` it gives line and column of any field.
    public subscript(pointer pointer: String) -> JSONValue? {
        guard !pointer.isEmpty else { return self }
        let tokens = pointer.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard tokens.first?.isEmpty == true else { return nil }
        var value = self
        for token in tokens.dropFirst() {
            let text = String(Substring(token))
            switch value.content {
            case .array(let elements):
                guard let index = Int(text), "\(index)".isExactly(text), elements.indices.contains(index) else {
                    return nil
                }
                value = elements[index]
            default:
                guard let member = value[JSONValue.unescaped(text)] else { return nil }
                value = member
            }
        }
        return value
    }

    /// The pointer to the innermost value that begins at or before `offset`: the way down the tree, by offsets alone.
    func pointer(toByte offset: Int) -> String {
        var pointer = ""
        var value = self
        while value.offset != offset {
            switch value.content {
            case .array(let elements):
                // Elements stand in the order of their offsets; a long list may have a refusal in each.
                var (low, high) = (0, elements.count)
                while low < high {
                    let middle = (low + high) / 2
                    if elements[middle].offset <= offset { low = middle + 1 } else { high = middle }
                }
                guard low > 0 else { return pointer }
                pointer += "/\(low - 1)"
                value = elements[low - 1]
            case .object(let members):
                guard let member = members.last(where: { $0.value.offset <= offset }) else { return pointer }
                pointer += "/" + JSONValue.escaped(member.name)
                value = member.value
            default: return pointer
            }
        }
        return pointer
    }

    /// A name as a token of a JSON pointer: `~` is `~0`, `/` is `~1`.
    static func escaped(_ name: String) -> String {
        var token = ""
        for scalar in name.unicodeScalars {
            switch scalar {
            case "~": token += "~0"
            case "/": token += "~1"
            default: token.unicodeScalars.append(scalar)
            }
        }
        return token
    }

    private static func unescaped(_ token: String) -> String {
        var name = ""
        var isEscape = false
        for scalar in token.unicodeScalars {
            switch (isEscape, scalar) {
            case (false, "~"): isEscape = true
            case (true, "1"):
                name += "/"
                isEscape = false
            case (true, "0"):
                name += "~"
                isEscape = false
            default: name.unicodeScalars.append(scalar)
            }
        }
        return name
    }
}
