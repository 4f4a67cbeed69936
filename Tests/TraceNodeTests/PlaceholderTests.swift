import Testing
@testable import TraceNode
@Suite struct PlaceholderTests { }
