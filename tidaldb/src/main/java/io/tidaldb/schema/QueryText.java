package io.tidaldb.schema;

import java.time.Duration;
import java.util.Collection;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Requests as canonical TidalQL: clauses in one order, defaults left out.
final class QueryText {

  private QueryText() {}

  static String write(Retrieve request) {
    var out = new StringBuilder("RETRIEVE ");
    kind(request.kind(), out);
    who(request, out);
    how(request, out);
    return out.toString();
  }

  static String write(Search search) {
    var out = new StringBuilder("SEARCH ");
    kind(search.request().kind(), out);
    text(search.text(), out);
    relevance(search.relevance(), out);
    if (!search.languages().isEmpty()) {
      out.append(" LANGUAGE ").append(list(search.languages(), QueryWords::quoted));
    }
    if (search.snippets().isPresent()) {
      var fields = search.snippets().get();
      out.append(" SNIPPETS").append(fields.isEmpty() ? "" : " ");
      out.append(list(fields, QueryWords::name));
    }
    who(search.request(), out);
    how(search.request(), out);
    return out.toString();
  }

  static String write(Suggest suggest) {
    var out = new StringBuilder("SUGGEST ").append(QueryWords.quoted(suggest.prefix()));
    suggest.user().ifPresent(user -> out.append(" FOR USER ").append(user));
    if (!suggest.sources().isEmpty()) {
      out.append(" FROM ").append(list(suggest.sources(), QueryWords::name));
    }
    if (!suggest.languages().isEmpty()) {
      out.append(" LANGUAGE ").append(list(suggest.languages(), QueryWords::quoted));
    }
    if (suggest.limit() != Suggest.LIMIT_DEFAULT) {
      out.append(" LIMIT ").append(suggest.limit());
    }
    return out.toString();
  }

  /// ` + 3d`, ` - 7d`, or nothing.
  static void offset(Duration offset, StringBuilder out) {
    if (!offset.isZero()) {
      out.append(offset.isNegative() ? " - " : " + ");
      out.append(QueryWords.span(offset.isNegative() ? opposite(offset) : offset));
    }
  }

  private static void kind(EntityKind kind, StringBuilder out) {
    out.append(
        switch (kind) {
          case ITEM -> "items";
          case USER -> "users";
          case CREATOR -> "creators";
        });
  }

  private static void who(Retrieve request, StringBuilder out) {
    request.user().ifPresent(user -> out.append(" FOR USER ").append(user));
    request.session().ifPresent(session -> out.append(" FOR SESSION ").append(session));
    request.cohort().ifPresent(name -> out.append(" FOR COHORT ").append(QueryWords.name(name)));
    request.creator().ifPresent(creator -> out.append(" FOR CREATOR ").append(creator));
    if (!request.seeds().isEmpty()) {
      out.append(" SIMILAR TO ").append(list(request.seeds(), EntityId::toString));
    }
    request.seedVector().ifPresent(seed -> seed(seed, out));
    request.within().ifPresent(inner -> out.append(" WITHIN (").append(inner).append(')'));
    request
        .profile()
        .ifPresent(name -> out.append(" USING PROFILE ").append(QueryWords.name(name)));
    request.profileVersion().ifPresent(version -> out.append('@').append(version));
    request
        .experiment()
        .ifPresent(name -> out.append(" USING EXPERIMENT ").append(QueryWords.name(name)));
  }

  private static void seed(SeedVector seed, StringBuilder out) {
    out.append(" SIMILAR TO VECTOR [");
    float[] numbers = seed.vector();
    for (int i = 0; i < numbers.length; i++) {
      out.append(i == 0 ? "" : ", ").append(QueryWords.number(numbers[i]));
    }
    out.append(']');
    if (!seed.slot().equals(EmbeddingSlot.CONTENT)) {
      out.append(" IN ").append(QueryWords.name(seed.slot()));
    }
  }

  private static void how(Retrieve request, StringBuilder out) {
    if (!request.sources().isEmpty()) {
      out.append(" FROM ").append(list(request.sources(), Source::label));
    }
    if (!request.filter().equals(Filter.all())) {
      out.append(" FILTER ");
      FilterText.write(request.filter(), out);
    }
    if (!request.exclude().isEmpty()) {
      out.append(" EXCLUDE ").append(list(request.exclude(), EntityId::toString));
    }
    request.sort().ifPresent(sort -> out.append(" SORT BY ").append(QueryWords.name(sort.label())));
    request.window().ifPresent(window -> out.append(" WINDOW ").append(window.label()));
    request.diversity().ifPresent(limits -> diversity(limits, out));
    request
        .explore()
        .ifPresent(
            share ->
                out.append(" EXPLORE ").append(share == 0 ? "NONE" : QueryWords.number(share)));
    request.caps().ifPresent(caps -> out.append(" CAPS ").append(caps));
    request.seed().ifPresent(seed -> out.append(" SEED ").append(seed));
    request.at().ifPresent(time -> out.append(" AT \"").append(time).append('"'));
    if (request.ago().isPresent()) {
      out.append(" AT now");
      offset(opposite(request.ago().get()), out);
    }
    request.surface().ifPresent(label -> out.append(" SURFACE ").append(label(label)));
    request.deadline().ifPresent(span -> out.append(" DEADLINE ").append(QueryWords.span(span)));
    if (request.limit() != Retrieve.LIMIT_DEFAULT) {
      out.append(" LIMIT ").append(request.limit());
    }
    request.cursor().ifPresent(text -> out.append(" CURSOR ").append(QueryWords.quoted(text)));
    request
        .newerThan()
        .ifPresent(text -> out.append(" NEWER THAN ").append(QueryWords.quoted(text)));
  }

  private static void diversity(Diversity limits, StringBuilder out) {
    out.append(" DIVERSITY ");
    if (limits.values().isEmpty()) {
      out.append("NONE");
    } else {
      out.append(
          list(
              limits.values().entrySet(),
              limit -> limit.getKey() + ":" + QueryWords.number(limit.getValue().doubleValue())));
    }
  }

  private static Duration opposite(Duration span) {
    return span.equals(Duration.ofSeconds(Long.MIN_VALUE)) ? span : span.negated();
  }

  private static String label(String label) {
    return QueryWords.NAME.matcher(label).matches()
        ? QueryWords.name(label)
        : QueryWords.quoted(label);
  }

  private static void text(Search.Text text, StringBuilder out) {
    text.query().ifPresent(words -> out.append(" QUERY ").append(QueryWords.quoted(words)));
    if (!text.fields().isEmpty()) {
      out.append(" IN ").append(list(text.fields(), QueryWords::name));
    }
    if (!text.vector().isEmpty()) {
      out.append(" VECTOR [").append(list(text.vector(), QueryWords::number)).append(']');
      text.slot().ifPresent(slot -> out.append(" IN ").append(QueryWords.name(slot)));
    }
  }

  private static void relevance(Search.Relevance relevance, StringBuilder out) {
    relevance.mode().ifPresent(mode -> out.append(" MODE ").append(word(mode)));
    relevance.match().ifPresent(match -> out.append(" MATCH ").append(word(match)));
    relevance.typos().ifPresent(typos -> out.append(" TYPOS ").append(word(typos)));
    relevance.syntax().ifPresent(syntax -> out.append(" SYNTAX ").append(word(syntax)));
    relevance
        .fusion()
        .ifPresent(
            fusion ->
                out.append(
                    switch (fusion) {
                      case Search.Fusion.ByRank(int k) -> " FUSE rrf(k:" + k + ")";
                      case Search.Fusion.Convex(double alpha) ->
                          " FUSE convex(alpha:" + QueryWords.number(alpha) + ")";
                    }));
  }

  private static String word(Search.Choice choice) {
    return choice.label();
  }

  private static <T> String list(Collection<T> values, Function<T, String> writer) {
    return values.stream().map(writer).collect(Collectors.joining(", "));
  }
}
