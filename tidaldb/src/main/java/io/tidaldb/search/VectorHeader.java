package io.tidaldb.search;

import io.tidaldb.log.FeedbackPolicyJson;
import io.tidaldb.schema.EmbeddingSlot;
import io.tidaldb.schema.EntityKind;
import io.tidaldb.schema.FeedbackPolicy;
import io.tidaldb.schema.Meaning;
import io.tidaldb.schema.Metric;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// What the header page says: which embedding slots there are under which numbers, and what signal
/// types mean.
///
/// ```
/// next 3
/// slot 1 ITEM content 128 COSINE
/// slot 2 USER content 128 COSINE
/// type 0 view
/// policy {"version":2,…}
/// ```
///
/// The last line is missing where the standard policy holds.
///
/// @param next the number of the next new slot
/// @param slots by number
/// @param meanings by signal type
/// @param policy what signals teach
record VectorHeader(
    int next,
    SortedMap<Integer, EmbeddingSlot> slots,
    SortedMap<Integer, Meaning> meanings,
    FeedbackPolicy policy) {

  static VectorHeader none() {
    return new VectorHeader(1, new TreeMap<>(), new TreeMap<>(), FeedbackPolicy.STANDARD);
  }

  byte[] encode() {
    var text = new StringBuilder("next " + next + "\n");
    slots.forEach(
        (number, slot) ->
            text.append(
                "slot %d %s %s %d %s\n"
                    .formatted(
                        number, slot.kind(), slot.name(), slot.dimensions(), slot.metric())));
    meanings.forEach((type, meaning) -> text.append("type " + type + " " + meaning.label() + "\n"));
    if (!policy.equals(FeedbackPolicy.STANDARD)) {
      text.append("policy ").append(FeedbackPolicyJson.toJson(policy)).append('\n');
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  /// Reads what [#encode] wrote.
  ///
  /// @throws IllegalArgumentException if these are other bytes
  static VectorHeader decode(byte[] content) {
    var header = none();
    int next = 0;
    var policy = FeedbackPolicy.STANDARD;
    var lines = new String(content, StandardCharsets.UTF_8).split("\n", -1);
    for (var line : List.of(lines).subList(0, lines.length - 1)) {
      var words = line.split(" ", -1);
      try {
        switch (words[0]) {
          case "next" -> next = Integer.parseInt(words[1]);
          case "slot" ->
              header.slots.put(
                  Integer.parseInt(words[1]),
                  new EmbeddingSlot(
                      EntityKind.valueOf(words[2]),
                      words[3],
                      Integer.parseInt(words[4]),
                      Metric.valueOf(words[5])));
          case "type" ->
              header.meanings.put(
                  Integer.parseInt(words[1]), Meaning.ofLabel(words[2]).orElseThrow());
          case "policy" -> policy = FeedbackPolicyJson.fromJson(line.substring(7));
          default -> throw new IllegalArgumentException("unknown: line=" + line);
        }
      } catch (RuntimeException e) {
        throw new IllegalArgumentException("header of vectors is damaged: line=" + line, e);
      }
    }
    return new VectorHeader(next, header.slots, header.meanings, policy);
  }

  /// The same after a schema said what there is: what is new gets the next numbers, in order of
  /// kind and name; what is gone goes, its number with it.
  VectorHeader with(List<EmbeddingSlot> declared, Map<Integer, Meaning> types) {
    var wanted = new ArrayList<>(declared);
    declared.stream()
        .filter(slot -> slot.kind() == EntityKind.ITEM)
        .filter(slot -> slot.name().equals(EmbeddingSlot.CONTENT))
        .map(VectorHeader::preferences)
        .forEach(wanted::add);
    wanted.sort(null);
    var after = new TreeMap<Integer, EmbeddingSlot>();
    slots.forEach(
        (number, slot) -> {
          if (wanted.remove(slot)) {
            after.put(number, slot);
          }
        });
    int number = next;
    for (var slot : wanted) {
      after.put(number++, slot);
    }
    return new VectorHeader(number, after, new TreeMap<>(types), policy);
  }

  /// The same under another policy.
  VectorHeader with(FeedbackPolicy newPolicy) {
    return new VectorHeader(next, slots, meanings, newPolicy);
  }

  /// Where the preferences stand that are learnt from a slot of items.
  private static EmbeddingSlot preferences(EmbeddingSlot items) {
    return new EmbeddingSlot(EntityKind.USER, items.name(), items.dimensions(), Metric.COSINE);
  }
}
