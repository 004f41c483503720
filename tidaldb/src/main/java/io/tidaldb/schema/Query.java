package io.tidaldb.schema;

/// A statement of TidalQL as data: what `TidalQl.parse` reads and `toString()` writes. Reading what
/// was written gives an equal record.
public sealed interface Query permits Retrieve, Search, Suggest, Explain {

  /// The statement as canonical TidalQL: clauses in one order, what is not said left out.
  @Override
  String toString();
}
