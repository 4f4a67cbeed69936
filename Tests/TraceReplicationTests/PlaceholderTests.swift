import Testing
@testable import TraceReplication
@Suite struct PlaceholderTests { }
