import Testing
@testable import TraceQuery
@Suite struct PlaceholderTests { }
