package io.tidaldb.query;

import io.tidaldb.schema.InvalidRequestException;
import io.tidaldb.schema.Profile;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where a page ended, with everything that the next page needs to fit to it.
///
/// The text is base64url of:
///
/// ```
///  0         1                17            21               29
/// +---------+----------------+-------------+----------------+---------------- ...
/// | version | request hash   | rank        | time           | per u16 | variant u8, profiles u8: version, name each
/// +---------+----------------+-------------+----------------+---------------- ...
/// | normalisers: count u16, f64 each       | place: key, created, id, title | returned: count u16, id each
/// +----------------------------------------+--------------------------------+---------------- ...
/// | first: key, created, id
/// +----------------------------------------+
/// | seal, 16 bytes: keyed hash of everything before
/// ```
///
/// Integers are big-endian; strings have a length of 4 bytes and are UTF-8; an absent title has the
/// length −1.
///
/// @param requestHash hash of the request without limit and cursor
/// @param rank hits on the pages before
/// @param at the query's time
/// @param per results in a block of the limits of diversity
/// @param variant what an experiment assigned; 0 without one
/// @param profiles what ranks: one, or the two that are interleaved
/// @param normalisers sizes of the whole
/// @param last the last hit's place
/// @param titleLeftOut whether the title was too long to carry, so that it is looked up
/// @param first the place of the first hit of the first page, without its title
/// @param returned ids of all hits of the pages before, in ranked orders
record Cursor(
    Seal requestHash,
    int rank,
    long at,
    int per,
    int variant,
    List<Pin> profiles,
    List<Double> normalisers,
    Place last,
    boolean titleLeftOut,
    Place first,
    List<Long> returned) {

  /// Hits after which a ranked order ends.
  static final int DEPTH_MAX = 2_000;

  private static final int TEXT_MAX = 32 * 1024;
  private static final int VERSION = 4;
  // Key and title as written, together; the rest of a key order's cursor is small.
  private static final int TITLE_MAX = 16 * 1024;

  Cursor {
    profiles = List.copyOf(profiles);
    normalisers = List.copyOf(normalisers);
    returned = List.copyOf(returned);
  }

  /// A version of a profile that later pages keep.
  record Pin(String profile, int version) {
    static Pin of(Profile profile) {
      return new Pin(profile.name(), profile.version());
    }
  }

  /// 16 bytes of a hash, with value equality.
  record Seal(long high, long low) {
    static Seal of(byte[] bytes) {
      var buffer = java.nio.ByteBuffer.wrap(bytes);
      return new Seal(buffer.getLong(), buffer.getLong());
    }
  }

  /// The text that the caller keeps.
  String encode(StoreKey key) {
    var bytes = new ByteArrayOutputStream();
    try (var out = new DataOutputStream(bytes)) {
      out.writeByte(VERSION);
      out.writeLong(requestHash.high());
      out.writeLong(requestHash.low());
      out.writeInt(rank);
      out.writeLong(at);
      out.writeShort(per);
      out.writeByte(variant);
      out.writeByte(profiles.size());
      for (var pin : profiles) {
        out.writeInt(pin.version);
        writeText(out, pin.profile);
      }
      out.writeShort(normalisers.size());
      for (double value : normalisers) {
        out.writeDouble(value);
      }
      writePlace(out);
      out.writeShort(returned.size());
      for (long id : returned) {
        out.writeLong(id);
      }
      out.writeLong(first.key());
      out.writeLong(first.created());
      out.writeLong(first.id());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    byte[] content = bytes.toByteArray();
    byte[] seal = key.seal(content, content.length);
    byte[] sealed = Arrays.copyOf(content, content.length + seal.length);
    System.arraycopy(seal, 0, sealed, content.length, seal.length);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(sealed);
  }

  private void writePlace(DataOutputStream out) throws IOException {
    out.writeLong(last.key());
    out.writeLong(last.created());
    out.writeLong(last.id());
    var title = last.title();
    if (title == null) {
      out.writeByte(0);
      return;
    }
    if (title.key().length() + title.raw().length() > TITLE_MAX / 3) {
      out.writeByte(2);
      return;
    }
    out.writeByte(1);
    writeText(out, title.key());
    writeText(out, title.raw());
  }

  private static void writeText(DataOutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  /// Reads a cursor of this request.
  ///
  /// @throws InvalidRequestException with code `CURSOR_INVALID` if it was altered, or is of another
  ///   store or request
  static Cursor decode(String text, StoreKey key, Seal requestHash) {
    if (text.length() > TEXT_MAX) {
      throw invalid("cursor is longer than any: length=" + text.length() + " limit=" + TEXT_MAX);
    }
    byte[] sealed;
    try {
      sealed = Base64.getUrlDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw invalid("cursor is not base64url text");
    }
    int length = sealed.length - StoreKey.SEAL_SIZE;
    if (length < 1
        || !text.equals(Base64.getUrlEncoder().withoutPadding().encodeToString(sealed))
        || !MessageDigest.isEqual(
            key.seal(sealed, length), Arrays.copyOfRange(sealed, length, sealed.length))) {
      throw invalid("cursor was altered, or is of another database");
    }
    if (sealed[0] != VERSION) {
      throw invalid(
          "cursor has an unknown version: version=" + sealed[0] + "; begin at the first page");
    }
    var cursor = read(Arrays.copyOfRange(sealed, 1, length));
    if (!cursor.requestHash.equals(requestHash)) {
      throw invalid(
          "cursor belongs to another request; keep everything but limit and cursor the same");
    }
    return cursor;
  }

  private static Cursor read(byte[] content) {
    try (var in = new DataInputStream(new ByteArrayInputStream(content))) {
      var hash = new Seal(in.readLong(), in.readLong());
      int rank = in.readInt();
      long at = in.readLong();
      int per = in.readUnsignedShort();
      int variant = in.readUnsignedByte();
      var profiles = new ArrayList<Pin>();
      for (int n = in.readUnsignedByte(); n > 0; n--) {
        int version = in.readInt();
        profiles.add(new Pin(readText(in), version));
      }
      var normalisers = new ArrayList<Double>();
      for (int n = in.readUnsignedShort(); n > 0; n--) {
        normalisers.add(in.readDouble());
      }
      long key = in.readLong();
      long created = in.readLong();
      long id = in.readLong();
      int titles = in.readByte();
      @Nullable TitleText title = titles == 1 ? new TitleText(readText(in), readText(in)) : null;
      var returned = new ArrayList<Long>();
      for (int n = in.readUnsignedShort(); n > 0; n--) {
        returned.add(in.readLong());
      }
      var first = new Place(in.readLong(), null, in.readLong(), in.readLong());
      return new Cursor(
          hash,
          rank,
          at,
          per,
          variant,
          profiles,
          normalisers,
          new Place(key, title, created, id),
          titles == 2,
          first,
          returned);
    } catch (IOException e) {
      // The seal fits, so these bytes were written here: not the caller's mistake.
      throw new IllegalStateException("a sealed cursor does not hold what it should", e);
    }
  }

  private static String readText(DataInputStream in) throws IOException {
    byte[] bytes = in.readNBytes(in.readInt());
    return new String(bytes, StandardCharsets.UTF_8);
  }

  static InvalidRequestException invalid(String why) {
    return new InvalidRequestException("CURSOR_INVALID", why);
  }

  static InvalidRequestException expired(String why, @Nullable Throwable cause) {
    return new InvalidRequestException("CURSOR_EXPIRED", why + "; begin at the first page", cause);
  }
}
