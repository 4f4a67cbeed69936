internal import EPCIS

extension JSONValue {
    /// The pointer to the first difference in content from `other`, in the order of this value; `nil` where both say the
    /// same.
    ///
    /// The order of members carries no meaning, that of elements does; numbers and strings are compared to the digit and
    /// to the byte. Members of the outermost object whose name is in `ignored` are left aside: by default `@context`,
    /// which says how names are abbreviated and may stand at the document instead.
    public func firstDifference(from other: JSONValue, ignoring ignored: [String] = ["@context"]) -> String? {
        switch (content, other.content) {
        case (.null, .null): return nil
        case (.boolean(let left), .boolean(let right)) where left == right: return nil
        case (.number(let left), .number(let right)) where left.text.isExactly(right.text): return nil
        case (.string(let left), .string(let right)) where left.isExactly(right): return nil
        case (.array(let left), .array(let right)):
            for (index, (mine, theirs)) in zip(left, right).enumerated() {
                if let inner = mine.firstDifference(from: theirs, ignoring: []) { return "/\(index)" + inner }
            }
            return left.count == right.count ? nil : "/\(min(left.count, right.count))"
        case (.object(let left), .object(let right)):
            let isCompared = { (member: JSONMember) in !ignored.contains { $0.isExactly(member.name) } }
            for member in left where isCompared(member) {
                let token = "/" + JSONValue.escaped(member.name)
                guard let theirs = other[member.name] else { return token }
                if let inner = member.value.firstDifference(from: theirs, ignoring: []) { return token + inner }
            }
            return right.first { isCompared($0) && self[$0.name] == nil }.map { "/" + JSONValue.escaped($0.name) }
        default: return ""
        }
    }
}
