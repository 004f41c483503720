package io.tidaldb.entity;

/// One walk over living entities from the newest on, for one query. For one thread.
public interface CreatedWalk {

  /// The next slots, newest first; those of one time in any order.
  ///
  /// @return how many; 0 where the walk ends
  int next(int[] slots);

  /// No entity that was not given was created after this time, except those newer than the walk's
  /// beginning.
  long bound();

  /// Whether no entity got another time of creation since the walk began: if one did, it may have
  /// been missed.
  boolean isSteady();
}
