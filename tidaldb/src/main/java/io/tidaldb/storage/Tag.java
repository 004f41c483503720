package io.tidaldb.storage;

/// What stands under a key: the byte after `[id 8 B BE][0x00]`.
public enum Tag {
  EVT(0x01),
  SIG(0x02),
  META(0x03),
  REL(0x04),
  MV(0x05),
  IDX(0x06),
  COLL(0x07),
  SESS(0x08),
  COHORT(0x09),
  COENG(0x0A),
  EMB(0x0B),
  DEDUP(0x0C),
  CKPT(0x0D),
  SCHEMA(0x0E),
  SLOT(0x0F),
  PROFILE(0x10),
  SEEN(0x11),
  STATE(0x12),
  MEMBER(0x13),
  ERASED(0x14),
  EXPERIMENT(0x15),
  ROLLUP(0x16);

  private static final Tag[] TAGS = values();

  private final int code;

  Tag(int code) {
    this.code = code;
  }

  /// The byte.
  public int code() {
    return code;
  }

  /// The tag with this byte.
  ///
  /// @throws IllegalArgumentException if there is none
  public static Tag ofCode(int code) {
    if (code < 1 || code > TAGS.length) {
      throw new IllegalArgumentException("unknown tag: code=" + code);
    }
    return TAGS[code - 1];
  }
}
