package io.tidaldb.cli.load;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;

/// A file and what its rows become.
///
/// @param file as the mapping names it
/// @param producer names the numbering of its rows; must change when the file is written anew
/// @param sorted whether rows stand in the order of their time
public record Source(
    String file, RowFormat format, String producer, boolean sorted, Target target) {

  private static final List<String> TARGETS =
      List.of("items", "users", "creators", "signals", "relations", "collections");

  static Source of(Node node) {
    node.allow(
        "description",
        "file",
        "format",
        "producer",
        "sorted",
        "items",
        "users",
        "creators",
        "signals",
        "relations",
        "collections");
    var file = node.require("file").string();
    var labels = TARGETS.stream().filter(label -> node.get(label).isPresent()).toList();
    if (labels.size() != 1) {
      throw node.wrong("one of " + TARGETS + ", found " + labels);
    }
    var label = labels.getFirst();
    return new Source(
        file,
        format(node, file),
        node.get("producer").map(Node::string).orElse(file + "#" + label),
        node.get("sorted").map(Node::flag).orElse(false),
        Target.of(label, node.require(label)));
  }

  /// The first 64 bits of a hash of the producer's name.
  long producerId() {
    try {
      var hash =
          MessageDigest.getInstance("SHA-256").digest(producer.getBytes(StandardCharsets.UTF_8));
      return ByteBuffer.wrap(hash).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static RowFormat format(Node node, String file) {
    var given = node.get("format");
    if (given.isEmpty()) {
      return RowFormat.ofFile(file)
          .orElseThrow(() -> node.wrong("\"format\": jsonl, csv or tsv, the name does not say"));
    }
    return RowFormat.ofLabel(given.get().string())
        .orElseThrow(() -> given.get().wrong("jsonl, csv or tsv"));
  }
}
