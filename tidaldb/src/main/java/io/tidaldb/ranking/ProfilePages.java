package io.tidaldb.ranking;

import io.tidaldb.log.PageView.FrozenPages;
import io.tidaldb.log.PageView.PageKey;
import io.tidaldb.log.PageView.PageSink;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.SortedMap;

/// Frozen pages of saved profiles, and their form.
///
/// ```
/// key (name number, 0, 0)         key (name number, version, 0)
///  0          4                    0
/// +----------+------------ ...    +------------ ...
/// | highest  | name, UTF-8        | JSON, UTF-8
/// +----------+------------ ...    +------------ ...
/// ```
///
/// Integers are big-endian. A dropped version's page is empty; its name's page stays, so that no
/// version returns.
final class ProfilePages implements FrozenPages {

  private final SortedMap<PageKey, byte[]> pages;
  private final Set<PageKey> dirty;

  /// @param dirty takes the keys back if the checkpoint fails
  ProfilePages(SortedMap<PageKey, byte[]> pages, Set<PageKey> dirty) {
    this.pages = pages;
    this.dirty = dirty;
  }

  /// A name and the highest version it ever had.
  record Head(String name, int highest) {}

  static PageKey head(int number) {
    return new PageKey(number, 0, 0);
  }

  static PageKey version(int number, int version) {
    return new PageKey(number, version, 0);
  }

  static byte[] encodeHead(String name, int highest) {
    byte[] text = name.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(4 + text.length).putInt(highest).put(text).array();
  }

  static Head decodeHead(byte[] content) {
    if (content.length < 5) {
      throw new IllegalArgumentException("profile page is too short: length=" + content.length);
    }
    var buffer = ByteBuffer.wrap(content);
    int highest = buffer.getInt();
    return new Head(decode(buffer), highest);
  }

  static byte[] encodeVersion(String json) {
    return json.getBytes(StandardCharsets.UTF_8);
  }

  static String decodeVersion(byte[] content) {
    return decode(ByteBuffer.wrap(content));
  }

  private static String decode(ByteBuffer bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("profile page is not UTF-8", e);
    }
  }

  @Override
  public int count() {
    return pages.size();
  }

  @Override
  public void forEach(PageSink sink) {
    pages.forEach(sink::page);
  }

  @Override
  public void committed() {
    // What was frozen is clean already.
  }

  @Override
  public void abandoned() {
    dirty.addAll(pages.keySet());
  }
}
