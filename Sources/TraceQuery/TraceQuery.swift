// See TraceQuery.docc: this room is furnished in the order of the road in Docs/Architecture.md.
