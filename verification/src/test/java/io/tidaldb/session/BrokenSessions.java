package io.tidaldb.session;

import java.util.function.IntFunction;

/// What broken steps call in the place of the session view.
public final class BrokenSessions {

  private BrokenSessions() {}

  /// The id that was given last, if one was.
  public static long lastId(SessionView view) {
    return Math.max(1, view.nextId() - 1);
  }

  /// Annotations of which nobody knows any more what they said.
  public static Note[] wordless(int count, IntFunction<byte[]> chunks) {
    var notes = new Note[chunks == null ? 0 : count];
    for (int i = 0; i < notes.length; i++) {
      notes[i] = new Note(1, 1, false, io.tidaldb.schema.EntityKind.ITEM, 0, -1, "");
    }
    return notes;
  }
}
