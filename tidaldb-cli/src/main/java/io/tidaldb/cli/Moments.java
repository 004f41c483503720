package io.tidaldb.cli;

import io.tidaldb.TidalDb;
import io.tidaldb.schema.EntityId;
import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.Timestamp;
import io.tidaldb.schema.Window;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/// Options and conversions that several commands of the shell share.
public final class Moments {

  private Moments() {}

  /// As of when.
  public static final class AtOption {

    @Option(
        names = "--at",
        paramLabel = "MOMENT",
        description = "As of this moment; 'end' is the newest event's.")
    private @Nullable String at;

    /// Whether a moment was given.
    public boolean isGiven() {
      return at != null;
    }

    /// The moment given, else now, else the newest event's where the clock is behind it.
    public Timestamp moment(TidalDb db) {
      if (at != null) {
        return RetrieveOptions.moment(at, db::newestEventTime);
      }
      var now = Timestamp.of(Instant.now());
      return db.newestEventTime().filter(newest -> newest.compareTo(now) > 0).orElse(now);
    }
  }

  /// Reads ids.
  public static final class IdConverter implements ITypeConverter<EntityId> {
    @Override
    public EntityId convert(String text) {
      try {
        return EntityId.parse(text);
      } catch (InvalidRequestException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }

  /// Reads windows.
  public static final class WindowConverter implements ITypeConverter<Window> {
    @Override
    public Window convert(String text) {
      return Window.ofLabel(text)
          .orElseThrow(
              () ->
                  new TypeConversionException(
                      "no such window: given=" + text + " known=" + Names.windows()));
    }
  }
}
