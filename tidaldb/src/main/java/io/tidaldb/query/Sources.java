package io.tidaldb.query;

import io.tidaldb.entity.EntityReader;
import io.tidaldb.ledger.SignalReader;
import io.tidaldb.ranking.ExperimentCatalog;
import io.tidaldb.ranking.ProfileCatalog;
import io.tidaldb.schema.CollectionId;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.FeedbackPolicy;
import io.tidaldb.schema.Preference;
import io.tidaldb.schema.Schema;
import io.tidaldb.schema.SessionId;
import io.tidaldb.search.VectorSearch;
import java.util.List;
import java.util.Optional;
import org.roaringbitmap.RoaringBitmap;

/// The state that queries read. Called once per query; what it gives is of the moment of the call,
/// or newer.
public interface Sources {

  /// The last position that every view has applied.
  long position();

  /// Which signals and fields there are.
  Schema schema();

  /// Every profile.
  ProfileCatalog profiles();

  /// Every experiment.
  ExperimentCatalog experiments();

  /// What counts as new and hardly shown.
  ExplorationLimits explorationLimits();

  /// The filter indexes and columns of a kind of entity.
  EntityReader entities(EntityKind kind, long at);

  /// How many follow a creator.
  long followers(long creator);

  /// Signals on a kind of entity as of a moment; the query closes the reader. For creators also
  /// those on their items.
  ///
  /// @throws io.tidaldb.schema.InvalidRequestException if the moment is too early to be read
  SignalReader signals(EntityKind kind, long at);

  /// What is known of a user as of a moment; of an unknown one, nothing. Also called when the page
  /// is cut, for what the user must not see by then.
  Viewer viewer(EntityId user, long at);

  /// A search over the vectors of an embedding slot; empty if it is not declared.
  Optional<VectorSearch> vectors(EntityKind kind, String slot);

  /// What a user prefers; empty if nothing was learnt or written.
  Optional<Preference> preference(EntityId user);

  /// A cohort.
  ///
  /// @throws io.tidaldb.schema.NotFoundException if it is not defined
  CohortScope cohort(String name);

  /// A session that runs now, nanoseconds since 1970.
  ///
  /// @throws io.tidaldb.schema.NotFoundException if there never was one
  /// @throws io.tidaldb.schema.InvalidRequestException if it has ended or expired
  SessionScope session(SessionId session, long now);

  /// The keywords that a user is interested in; none for an unknown user.
  List<String> interests(EntityId user);

  /// What signals teach about users.
  FeedbackPolicy feedbackPolicy();

  /// What is engaged with together, as of a moment.
  Neighbours neighbours(long at);

  /// The slots of a collection's members; the caller's own.
  ///
  /// @param viewer who asks; empty for a trusted caller
  /// @throws io.tidaldb.schema.NotFoundException if there is none that the viewer may see
  RoaringBitmap collection(CollectionId collection, Optional<EntityId> viewer);

  /// The slots of what is in any collection of a user; the caller's own.
  RoaringBitmap collectionsOf(EntityId user);
}
