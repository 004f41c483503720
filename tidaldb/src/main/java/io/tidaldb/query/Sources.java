package io.tidaldb.query;

import io.tidaldb.entity.EntityReader;
import io.tidaldb.ledger.SignalReader;
import io.tidaldb.ranking.ProfileCatalog;
import io.tidaldb.schema.Schema;

/// The state that queries read. Called once per query; what it gives is of the moment of the call,
/// or newer.
public interface Sources {

  /// The last position that every view has applied.
  long position();

  /// Which signals and fields there are.
  Schema schema();

  /// Every profile.
  ProfileCatalog profiles();

  /// The filter indexes and columns of items.
  EntityReader items();

  /// Signals as of a moment; the query closes the reader.
  ///
  /// @throws io.tidaldb.schema.InvalidRequestException if the moment is too early to be read
  SignalReader signals(long at);
}
