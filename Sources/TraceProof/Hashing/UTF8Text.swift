extension String {
    /// Whether both strings are the same UTF-8 bytes.
    ///
    /// Protocol names are compared so, never with `==`: canonical equivalence would let two different origins pass
    /// for one, and it drags the Unicode tables into the browser's verifier.
    public func hasSameUTF8(as other: String) -> Bool { utf8.elementsEqual(other.utf8) }
}
